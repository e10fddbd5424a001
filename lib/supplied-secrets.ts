import type { XBerth } from "./application-types";
import { allowedNames, type Finding } from "./finding";

/**
 * Finds secrets that the application is to be supplied with and the stack does not hold, those it holds and nobody wants,
 * and values that can't be used. No finding has a value.
 *
 * @param given values by name; a symbol for one that only the engine can decrypt
 * @param berth the application's x-berth block, where it could be read
 */
export function checkSuppliedSecrets(
  given: Readonly<Record<string, unknown>>,
  berth?: Pick<XBerth, "secrets" | "database">,
): Finding[] {
  if (berth === undefined) return [];
  const wanted = Object.entries(berth.secrets ?? {})
    .filter(([, { supplied }]) => supplied === true)
    .map(([name]) => name);
  const passwords = databasePasswords(berth);
  return [
    ...Object.keys(given)
      .filter((name) => !wanted.includes(name))
      .map((name) => ({
        key: `suppliedSecrets.${name}`,
        problem: "is no secret that x-berth.secrets says is supplied",
        next: allowedNames(name, wanted),
      })),
    ...wanted.flatMap((name) => checkValue(name, given[name], passwords.includes(name))),
  ];
}

function databasePasswords({ database }: Pick<XBerth, "database">): string[] {
  if (database?.kind !== "postgres") return [];
  return [database.admin, ...Object.values(database.roles)].map(({ secret }) => secret);
}

function checkValue(name: string, value: unknown, isPassword: boolean): Finding[] {
  const key = `suppliedSecrets.${name}`;
  if (typeof value === "symbol") return [];
  if (value === undefined || value === "") {
    const next = `pipe its value to \`pulumi config set --secret --type string --path ${key}\``;
    return [{ key, problem: "must be set", next }];
  }
  if (typeof value !== "string") {
    return [{ key, problem: "is no text", next: "set it with `--type string`" }];
  }
  if (value.includes("\0")) {
    return [{ key, problem: "holds a NUL character", next: "take it out" }];
  }
  return isPassword && /[\u0000-\u001f\u007f]/.test(value)
    ? [
        {
          key,
          problem: "is a database password and holds a line break or another control character",
          next: "give one without",
        },
      ]
    : [];
}
