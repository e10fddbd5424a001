import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import Ajv from "ajv";
import schema from "../../lib/x-berth.schema.json";
import { checkEmail } from "../../lib/config-checks";
import { checkDomains } from "../../lib/domain-checks";
import {
  HOSTILE_PATH,
  HOSTILE_TEXT,
  suppliedName,
  suppliedRoles,
} from "./support/hostile-application";
import { hostileValues, SEED } from "./support/hostile-values";
import type { ObservedStack } from "./support/observed-stack";

// Roles and passwords come in as lines of base64, so that nothing here can quote them wrongly.
const LOG_IN_ALL = `
  while IFS=' ' read -r role password; do
    password=$(printf %s "$password" | base64 -d; printf x)
    PGPASSWORD=\${password%x} psql -wXtA -h 127.0.0.1 -U "$role" -d beppp -c "SELECT current_user" 2>&1 </dev/null
  done`;
const PRINT_ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))";

/** Hostile values go all the way and arrive unchanged; those that can't are refused. */
export function hostileTests(stack: ObservedStack): void {
  test("two hundred hostile values reach the service's environment unchanged", () => {
    const environment = JSON.parse(
      stack.server.run("docker", "exec", "battery-hub-api-1", "python", "-c", PRINT_ENVIRONMENT),
    ) as Record<string, string>;
    const wrong = stack.values.filter((value, index) => environment[`HOSTILE_${index}`] !== value);
    assert.deepEqual(wrong, [], `seed ${SEED}`);
    const outputs = stack.values.filter(
      (value, index) =>
        stack.secrets.find(({ name }) => name === suppliedName(index))?.value !== value,
    );
    assert.deepEqual(outputs, [], `as stack outputs; seed ${SEED}`);
  });

  test("roles with hostile passwords log in", () => {
    const roles = suppliedRoles(stack.values);
    const input = Object.entries(roles)
      .map(([role, value]) => `${role} ${Buffer.from(value).toString("base64")}\n`)
      .join("");
    const inside = ["exec", "-i", "battery-hub-data-postgres-1", "bash", "-c", LOG_IN_ALL];
    const { stdout } = spawnSync(
      "docker",
      ["exec", "-i", stack.server.machine, "docker", ...inside],
      {
        input,
        encoding: "utf8",
      },
    );
    assert.deepEqual(stdout.trim().split("\n"), Object.keys(roles), `seed ${SEED}`);
  });

  test("hostile texts of checks arrive unchanged: SQL, arguments, the path of a request", async () => {
    assert.equal(await stack.print("make checks", "make", "--no-print-directory", "checks"), 0);
    const printed = stack.printed.get("make checks") ?? "";
    assert.ok(printed.includes(`${HOSTILE_PATH} answers 200`), printed);
    assert.ok(printed.includes(HOSTILE_TEXT), printed);
    const log = stack.server.run("cat", "/var/log/nginx/access.log");
    // nginx writes a backslash as \x5C.
    assert.ok(
      log.includes(`"GET ${HOSTILE_PATH.replaceAll("\\", "\\x5C")} HTTP`),
      "nginx was asked otherwise",
    );
  });

  test("of hostile values, nothing that reaches nginx's configuration or certbot is taken", () => {
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
    const route = { service: "api", port: 8000 };
    for (const text of hostileValues(200)) {
      for (const value of [text, `a${text}`, `/${text}`, `1${text}m`]) {
        for (const key of ["path", "health", "bodyLimit", "port", "timeoutSeconds"]) {
          const given = { routes: { main: { ...route, [key]: value } } };
          if (validate(given)) assert.match(value, /^[A-Za-z0-9/_.-]*$/, `${key}, seed ${SEED}`);
        }
        assert.notDeepEqual(checkDomains({ main: `${value}.example.org` }, ["main"]), [], value);
        assert.notDeepEqual(checkEmail(`${value} @example.org`), [], value);
      }
    }
  });
}
