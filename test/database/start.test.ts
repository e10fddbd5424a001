import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ADMIN, DataStack } from "./data-stack";
import { output } from "./shell";
import { rawState } from "./state";

let stack: DataStack;

before(async () => {
  stack = await DataStack.started("start");
});
after(() => stack.remove());

/** When the container was made and started, and when its files were written. */
async function trace(): Promise<string> {
  const folder = join(stack.root, "opt", stack.app);
  const files = ["data.env", "data.json"].map((name) => statSync(join(folder, name)));
  const container = await output("docker", [
    ...["inspect", "--format", "{{.Id}} {{.State.StartedAt}} {{.RestartCount}}", stack.container],
  ]);
  return [container, ...files.map(({ mtimeMs, ino }) => `${mtimeMs} ${ino}`)].join("\n");
}

test("a second start changes nothing and prints the same versions", async () => {
  const [traced, state] = [await trace(), await rawState(stack)];
  const first = await stack.start();
  const second = await stack.start();
  assert.match(first.stdout, /^\{"postgresql":"17\.\d+","pgbackrest":"2\.\d+(\.\d+)?"\}\n$/);
  assert.equal(second.stdout, first.stdout);
  assert.equal(await trace(), traced);
  assert.equal(await rawState(stack), state);
});

test("the files are readable by root only, and neither they nor the container tell the password", async () => {
  const folder = join(stack.root, "opt", stack.app);
  for (const name of ["data.env", "data.json"]) {
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
  }
  assert.doesNotMatch(readFileSync(join(folder, "data.json"), "utf8"), /POSTGRES_PASSWORD/);
  const inspected = await output("docker", ["inspect", stack.container]);
  assert.equal(inspected.includes(stack.adminPassword), false);
});

test("the admin is no superuser and owns the database, its data belong to uid 999", async () => {
  const rights = await stack.superuser(`
    SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
      pg_has_role(oid, 'pg_monitor', 'USAGE'), (SELECT datdba = pg_roles.oid FROM pg_database WHERE datname = 'hub')
    FROM pg_roles WHERE rolname = '${ADMIN}'`);
  assert.equal(rights, "f|t|t|f|f|t|t");
  assert.deepEqual(
    [statSync(stack.dataFolder).uid, statSync(stack.dataFolder).mode & 0o777],
    [999, 0o700],
  );
});

test("a new admin password is in force without a restart, the old one is refused", async () => {
  const container = ["inspect", "--format", "{{.Id}} {{.State.StartedAt}}", stack.container];
  const before = await output("docker", container);
  const old = stack.adminPassword;
  stack.adminPassword = "admin-word-2";
  await stack.start();
  assert.equal(await stack.logsIn(ADMIN, old), false);
  assert.equal(await stack.logsIn(ADMIN, stack.adminPassword), true);
  assert.equal(await output("docker", container), before);
});

test("a changed service is made anew and keeps its data", async () => {
  await stack.run(ADMIN, "CREATE TABLE kept (id integer)");
  await stack.start({
    DATA_COMPOSE: stack.compose({ command: ["postgres", "-c", "work_mem=7MB"] }),
  });
  assert.equal(await stack.run(ADMIN, "SELECT current_setting('work_mem')"), "7MB");
  assert.equal(await stack.run(ADMIN, "SELECT count(*) FROM kept"), "0");
});

for (const change of ["NOCREATEDB", "NOCREATEROLE", "REPLICATION", "CONNECTION LIMIT 3"]) {
  test(`an admin that was made ${change} by hand is brought back`, async () => {
    const attributes = `SELECT rolcreatedb, rolcreaterole, rolreplication, rolconnlimit
      FROM pg_roles WHERE rolname = '${ADMIN}'`;
    await stack.superuser(`ALTER ROLE ${ADMIN} ${change}`);
    assert.notEqual(await stack.superuser(attributes), "t|t|f|-1");
    const { stderr } = await stack.start();
    assert.match(stderr, /corrected the attributes of role beppp/);
    assert.equal(await stack.superuser(attributes), "t|t|f|-1");
  });
}

test("what was granted and owned otherwise by hand is brought back", async () => {
  await stack.superuser(`
    REVOKE pg_monitor FROM ${ADMIN}; ALTER DATABASE hub OWNER TO postgres;
    GRANT CONNECT ON DATABASE template1 TO PUBLIC`);
  await stack.start();
  const state = await stack.superuser(`
    SELECT pg_has_role('${ADMIN}', 'pg_monitor', 'USAGE'),
      (SELECT datdba::regrole FROM pg_database WHERE datname = 'hub'),
      has_database_privilege('public', 'template1', 'CONNECT')`);
  assert.equal(state, `t|${ADMIN}|f`);
});

test("a database that does not come up fails in bounded time and shows its last lines", async () => {
  const broken = await DataStack.make("broken");
  try {
    const { status, stderr } = await broken.tryStart({
      DATA_COMPOSE: broken.compose({
        command: ["postgres", "-c", "no_such_setting=1"],
        restart: "no",
      }),
      WAIT_SECONDS: "600",
    });
    assert.equal(status, 69);
    assert.match(stderr, /unrecognized configuration parameter "no_such_setting"/);
    assert.match(stderr, /service postgres does not answer a query/);
  } finally {
    await broken.remove();
  }
});

const WRONG: readonly (readonly [string, Record<string, string>, RegExp])[] = [
  ["app name", { APP: "../other" }, /APP is '\.\.\/other'; allowed are/],
  [
    "service",
    { SERVICE: "mysql" },
    /SERVICE is 'mysql', which DATA_COMPOSE does not have; it has: postgres/,
  ],
  [
    "Compose file",
    { DATA_COMPOSE: "services: {}" },
    /DATA_COMPOSE is no Compose file in JSON form/,
  ],
  ["admin", { ADMIN_ROLE: "postgres" }, /ADMIN_ROLE is 'postgres', a name of the server itself/],
  ["database name", { DATABASE: "a b" }, /DATABASE is 'a b'; allowed are/],
  [
    "password",
    { ADMIN_PASSWORD: "one\ntwo" },
    /beppp: it holds a line break or another control character/,
  ],
  ["absence of a password", { ADMIN_PASSWORD: "" }, /value ADMIN_PASSWORD is missing/],
  ["wait", { WAIT_SECONDS: "long" }, /WAIT_SECONDS is 'long'; give a whole number/],
];

for (const [what, change, message] of WRONG) {
  test(`a wrong ${what} is refused with what is allowed`, async () => {
    const { status, stderr } = await stack.tryStart(change);
    assert.equal(status, 64);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /one\ntwo/);
  });
}
