import type { Project } from "../../e2e/support/project";
import { isPassword } from "./hostile-values";

const COMPOSE = "apps/battery-hub/compose.yaml";
const ROLES = 12;

/** A text of a check, with all that breaks careless quoting. */
export const HOSTILE_TEXT = `it's "$HOME" \${X} $(id) \`id\` \\ %s # '; DROP TABLE users; --`;
/** Arguments of a command that the application's checks run. */
export const HOSTILE_ARGUMENTS = ["", "-n", "one\ntwo\n", " both ends ", "*", HOSTILE_TEXT];
/** Path of a check over HTTPS. */
export const HOSTILE_PATH = "/health?x='$HOME[1-3]{a,b}\\n%27`id`;--";

/** Name of a supplied secret. */
export const suppliedName = (index: number): string => `hostile${index}`;

/** Roles of the database whose passwords are supplied: role -> value. */
export function suppliedRoles(values: readonly string[]): Record<string, string> {
  const usable = values
    .map((value, index) => ({ value, index }))
    .filter((v) => isPassword(v.value));
  return Object.fromEntries(
    usable.slice(0, ROLES).map(({ value, index }) => [`hostile_role_${index}`, value]),
  );
}

/**
 * Lets Battery Hub, in a copy of the tree, publish its database for everyone, and be supplied with hostile values: each
 * is a variable of the service api, some are passwords of database roles.
 */
export async function makeHostile(project: Project, values: readonly string[]): Promise<void> {
  const variable = (index: number): string => `HOSTILE_${index}`;
  const lines = (render: (index: number) => string): string =>
    values.map((_, index) => `${render(index)}\n`).join("");
  const roles = Object.keys(suppliedRoles(values));
  const put = (before: string, text: string): void =>
    project.edit(COMPOSE, (compose) => compose.replace(before, (found) => text + found));
  put("    shm_size: 128m\n", '    ports: ["0.0.0.0:5432:5432", "[::]:5432:5432"]\n');
  project.edit(COMPOSE, (text) => text.replace("127.0.0.1:8000:8000", "0.0.0.0:8000:8000"));
  put(
    "      WEBHOOK_SECRET: $",
    lines((index) => `      ${variable(index)}: \${${variable(index)}}`),
  );
  put(
    "    secretKey: {",
    lines((index) => `    ${suppliedName(index)}: { env: ${variable(index)}, supplied: true }`),
  );
  put(
    "      panel_readonly: {",
    roles
      .map((role) => `      ${role}: { rights: read, secret: ${role.replace("_role_", "")} }\n`)
      .join(""),
  );
  const sql = `SELECT '${HOSTILE_TEXT.replaceAll("'", "''")}'`;
  const program = "import json, sys; sys.exit(json.loads(sys.argv[1]) != sys.argv[2:])";
  const words = [program, JSON.stringify(HOSTILE_ARGUMENTS), ...HOSTILE_ARGUMENTS];
  const flow = (value: unknown): string => `      - ${JSON.stringify(value)}\n`;
  put(
    "      - { route: api, path: /health",
    flow({ route: "api", path: HOSTILE_PATH, status: 200 }),
  );
  put("      - name: livedata.err", flow({ name: HOSTILE_TEXT, query: sql, equals: HOSTILE_TEXT }));
  put(
    "      - { service: api, command",
    flow({ service: "api", command: ["python", "-c", ...words] }),
  );

  const stack = ["--stack", project.stack, "--non-interactive"];
  for (const args of [
    ["stack", "init", ...stack],
    [
      ...["config", "set-all", ...stack, "--path"],
      ...values.flatMap((value, index) => [
        "--secret",
        `suppliedSecrets.${suppliedName(index)}=${value}`,
      ]),
    ],
  ]) {
    const { status, output } = await project.run("pulumi", args);
    if (status !== 0) throw new Error(output);
  }
}
