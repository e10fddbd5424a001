import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { ADMIN, DataStack, ROLES, type Roles } from "./data-stack";
import { attempt, output, until } from "./shell";

const HOSTILE = [
  "it's",
  'say "so"',
  "$HOME $(id) `id`",
  "%s%(x)s%%",
  "back\\slash\\",
  "colon:semi;hash#",
  "'; DROP ROLE beppp; --",
  "$$ $1 \\1 &",
  " spaces at both ends ",
  "tilde~ star* [a-z] {x,y}",
  "-n",
  "ünïcødé ß 漢字 🗝",
  "no\u00a0break\u00adsoft",
  "ﬁ ligature ½ ²",
  "\u0627\u0644\u0639 1",
  "x".repeat(500),
  "SCRAM-SHA-256$4096:c2FsdA==$x:y",
  "md5" + "0".repeat(32),
];
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const LETTERS = [...PRINTABLE, ...Array.from("äöüßéñçøłžабвгдежאבגあいう中文한국🙂🚀")];

/** A password of 1 to 40 characters of any kind. */
const randomPassword = (): string =>
  Array.from({ length: randomInt(1, 41) }, () => LETTERS[randomInt(LETTERS.length)]).join("");

let stack: DataStack;
const roles: Record<string, Roles[string]> = { owner_role: { rights: "owner", password: "o" } };
[...HOSTILE, ...Array.from({ length: 200 }, randomPassword)].forEach((password, index) => {
  roles[`role_${index}`] = { rights: "read", password };
});

before(async () => {
  stack = await DataStack.started("passwords");
});
after(() => stack.remove());

// Roles and passwords come in as lines of base64, so that nothing here can quote them wrongly.
const LOG_IN_ALL = `
  while IFS=' ' read -r role password; do
    password=$(printf %s "$password" | base64 -d; printf x)
    PGPASSWORD=\${password%x} psql -w -X -tA -h postgres -U "$role" -d hub -c "SELECT current_user" 2>&1 </dev/null
  done`;

test("hostile and 200 random passwords log in over TCP", async () => {
  await stack.settle(roles);
  const names = Object.keys(roles);
  const input = names
    .map((name) => `${name} ${Buffer.from(roles[name]!.password).toString("base64")}\n`)
    .join("");
  const answers = await output(
    "docker",
    ["exec", "--interactive", stack.container, "bash", "-c", LOG_IN_ALL],
    { input },
  );
  const said = answers.split("\n");
  const refused = names.filter((name, index) => said[index] !== name);
  assert.deepEqual(
    refused.map((name) => roles[name]!.password),
    [],
  );
});

test("each of them is found to be in force", async () => {
  assert.deepEqual(await stack.settle(roles), ["roles: nothing to change"]);
});

test("a hostile admin password works in every script", async () => {
  const mixture = HOSTILE.filter((password) => password.length < 100).join("");
  for (const password of [mixture, " spaces ", "x".repeat(500)]) {
    stack.adminPassword = password;
    await stack.start({ ENV_FILE: "" });
    assert.equal(await stack.logsIn(ADMIN, password), true, password);
    const checks = {
      ...stack.connection(),
      CHECKS: '[{"name":"one","query":"SELECT 1","equals":1}]',
    };
    const { status, stderr } = await stack.script("schema-checks.sh", checks);
    assert.equal(status, 0, `${password}: ${stderr}`);
  }
});

test("no password is in the server's log, in arguments or in an environment, even when statements fail", async () => {
  const secret = (name: string): string => `Secret-${name}-word`;
  const secrets = ["admin", "migration_user", "api_user", "panel_readonly", "late"].map(secret);
  const declared = Object.fromEntries(
    Object.entries(ROLES).map(([role, rest]) => [role, { ...rest, password: secret(role) }]),
  );
  await stack.superuser("ALTER SYSTEM SET log_statement = 'all'; ", "postgres");
  await stack.superuser("ALTER SYSTEM SET log_min_duration_statement = 0; ", "postgres");
  await stack.superuser("SELECT pg_reload_conf()", "postgres");

  const seen = new Set<string>();
  const sampler = setInterval(() => sampleProcesses(secrets, seen), 20);
  try {
    stack.adminPassword = secret("admin");
    await stack.start();
    await stack.settle(declared);
    await stack.script("with-migration-lock.sh", stack.connection(), ["true"]);
    await stack.superuser("GRANT pg_read_all_data TO api_user");
    const failing = { ...declared, a_late: { rights: "read", password: secret("late") } } as Roles;
    assert.equal((await stack.trySettle(failing)).status, 70);
    await stack.superuser("REVOKE pg_read_all_data FROM api_user");
  } finally {
    clearInterval(sampler);
  }
  assert.deepEqual([...seen], []);

  const last = "REVOKE pg_read_all_data FROM api_user";
  await until("the last statement is logged", async () => (await stack.log()).includes(last));
  const log = await stack.log();
  assert.match(log, /CREATE TEMP TABLE declared/, "statements are logged");
  assert.match(log, /ERROR: .*is a member of pg_read_all_data/, "so are errors");
  for (const word of secrets) {
    assert.equal(log.includes(word), false, word);
    assert.equal(log.includes(Buffer.from(word).toString("base64").slice(0, 12)), false, word);
  }
});

/** Notes processes whose arguments or environment hold a secret. This process is none of berth's. */
function sampleProcesses(secrets: readonly string[], seen: Set<string>): void {
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const kind of ["cmdline", "environ"]) {
      try {
        const text = readFileSync(join("/proc", id, kind), "utf8");
        if (secrets.some((secret) => text.includes(secret))) {
          seen.add(`${kind}: ${text.split("\0")[0]}`);
        }
      } catch {
        // The process has ended.
      }
    }
  }
}

test("the same password keeps its verifier, another one gets a new one", async () => {
  const scram = resolve(__dirname, "../../host/database/scram.py");
  const existing = join(stack.root, "existing.json");
  const first = await output(scram, [], { input: '{"a": "pencil", "b": "pen"}' });
  await output("tee", [existing], { input: first });
  const second = await output(scram, ["--existing", existing], {
    input: '{"a": "pencil", "b": "ink"}',
  });
  const [before, now] = [JSON.parse(first), JSON.parse(second)] as Record<string, string>[];
  assert.equal(now!["a"], before!["a"]);
  assert.notEqual(now!["b"], before!["b"]);
  assert.match(now!["b"]!, /^SCRAM-SHA-256\$4096:[\w+/=]{24}\$[\w+/=]{44}:[\w+/=]{44}$/);
});

test("verifiers are refused for a password that cannot be used, naming the role only", async () => {
  const scram = resolve(__dirname, "../../host/database/scram.py");
  const { status, stdout, stderr } = await attempt(scram, [], {
    input: '{"a": "top\\u0000word", "b": ""}',
  });
  assert.deepEqual([status, stdout], [64, ""]);
  assert.match(
    stderr,
    /a: it holds a line break or another control character.*b: it is empty or no text/,
  );
  assert.doesNotMatch(stderr, /top/);
});
