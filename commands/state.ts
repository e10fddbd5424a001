/**
 * Reads a stack's state, as `pulumi stack export` prints it, from stdin and prints what a command asks for.
 *
 *   node --import tsx commands/state.ts count        how many resources there are, components included
 *   node --import tsx commands/state.ts protected    URNs of the protected ones, one on a line
 *   node --import tsx commands/state.ts database     `compose`, `rds` or nothing: where the stack's data is
 *   node --import tsx commands/state.ts server       `yes` when a server's steps are in the state
 *   node --import tsx commands/state.ts login        JSON of how the server is logged in to, of a state with its secrets
 *
 * Exit codes: 0 done, 1 stdin is no exported state, 64 another word.
 */
import { readFileSync } from "node:fs";
import { isSecret, parseState, type State } from "./state-file";

const STACK_TYPE = "pulumi:pulumi:Stack";

/** What each word prints, one entry on a line. */
export const QUESTIONS: Readonly<Record<string, (state: State) => string[]>> = {
  count: ({ resources }) => [
    String(
      resources.filter(
        ({ type, delete: isOld }) =>
          type !== STACK_TYPE && !type.startsWith("pulumi:providers:") && isOld !== true,
      ).length,
    ),
  ],
  protected: ({ resources }) =>
    resources
      .filter(({ protect, delete: isOld }) => protect === true && isOld !== true)
      .map(({ urn }) => urn),
  database: ({ resources }) => {
    if (resources.some(({ type }) => type === "aws:rds/instance:Instance")) return ["rds"];
    const isStart = ({ urn }: { urn: string }): boolean =>
      urn.includes("berth:index:ComposeDatabase$command:remote:Command::");
    return resources.some(isStart) ? ["compose"] : [];
  },
  server: ({ resources }) =>
    resources.some(({ type }) => type === "command:remote:Command") ? ["yes"] : [],
  login: ({ resources }) => {
    const install = resources.find(
      ({ urn, delete: isOld }) => urn.endsWith("::host-install") && isOld !== true,
    );
    const connection = inClear(install?.inputs?.connection);
    return connection === undefined ? [] : [JSON.stringify(connection)];
  },
};

/** A value with the secrets in it as they are, where they were exported so. */
function inClear(value: unknown): unknown {
  if (isSecret(value)) {
    return typeof value.plaintext === "string" ? inClear(JSON.parse(value.plaintext)) : undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inClear(one)]));
}

function main(): void {
  const answer = QUESTIONS[process.argv[2] ?? ""];
  if (answer === undefined) {
    process.stderr.write(`error: give one of: ${Object.keys(QUESTIONS).join(", ")}\n`);
    process.exitCode = 64;
    return;
  }
  process.stdout.write(
    answer(parseState(readFileSync(0, "utf8")))
      .map((line) => `${line}\n`)
      .join(""),
  );
}

if (require.main === module) main();
