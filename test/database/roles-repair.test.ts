import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ADMIN, DataStack, ROLES, type Roles } from "./data-stack";
import { until } from "./shell";
import { meaningOf, rawState } from "./state";

const OBJECTS = `
  CREATE TYPE severity AS ENUM ('low', 'high');
  CREATE TABLE alembic_version (version_num text);
  CREATE TABLE livedata (id serial PRIMARY KEY, err varchar(255), grade severity);
  CREATE SEQUENCE ticket;
  CREATE VIEW errors AS SELECT err FROM livedata;
  CREATE MATERIALIZED VIEW summary AS SELECT count(*) FROM livedata;
  CREATE DOMAIN code AS text CHECK (value <> '');
  CREATE FUNCTION errors_of(integer) RETURNS SETOF livedata LANGUAGE sql AS 'SELECT * FROM livedata WHERE id = $1';`;

// What careless scripts leave behind: roles with other passwords and too many rights, objects of many owners.
const CARELESS = `
  CREATE ROLE panel_readonly SUPERUSER REPLICATION LOGIN PASSWORD 'other' CONNECTION LIMIT 0;
  CREATE ROLE api_user CREATEROLE CREATEDB BYPASSRLS LOGIN PASSWORD 'other' VALID UNTIL '2001-01-01';
  CREATE ROLE migration_user NOLOGIN NOINHERIT;
  GRANT pg_read_all_data, pg_write_all_data TO panel_readonly;
  GRANT migration_user TO api_user WITH ADMIN OPTION;
  ALTER ROLE api_user SET search_path = evil, public;
  ALTER ROLE api_user IN DATABASE hub SET work_mem = '1GB';
  ALTER ROLE panel_readonly SET default_transaction_read_only = off;
  ${OBJECTS}
  ALTER TABLE livedata OWNER TO api_user;
  ALTER TYPE severity OWNER TO panel_readonly;
  ALTER FUNCTION errors_of(integer) OWNER TO migration_user;
  ALTER VIEW errors OWNER TO ${ADMIN};
  GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;
  GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO panel_readonly WITH GRANT OPTION;
  GRANT SELECT ON livedata TO panel_readonly WITH GRANT OPTION;
  GRANT UPDATE (err) ON livedata TO panel_readonly;
  GRANT CREATE, USAGE ON SCHEMA public TO api_user, panel_readonly, PUBLIC;
  GRANT ALL ON DATABASE hub TO panel_readonly, api_user;
  GRANT CONNECT ON DATABASE postgres TO PUBLIC;
  ALTER DEFAULT PRIVILEGES FOR ROLE migration_user GRANT ALL ON TABLES TO PUBLIC;
  ALTER DEFAULT PRIVILEGES FOR ROLE migration_user IN SCHEMA public GRANT ALL ON SEQUENCES TO panel_readonly;
  ALTER DEFAULT PRIVILEGES FOR ROLE api_user GRANT SELECT ON TABLES TO panel_readonly;`;

let fresh: DataStack;
let stack: DataStack;

before(async () => {
  [fresh, stack] = await Promise.all([DataStack.started("fresh"), DataStack.started("repair")]);
  await fresh.settle();
  await fresh.run("migration_user", OBJECTS);
  await fresh.settle();
});
after(async () => {
  await Promise.all([fresh.remove(), stack.remove()]);
});

test("a second run touches no catalog row", async () => {
  const before = await rawState(fresh);
  assert.deepEqual(await fresh.settle(), ["roles: nothing to change"]);
  assert.equal(await rawState(fresh), before);
});

test("a database left by careless scripts comes out as a fresh one", async () => {
  await stack.superuser(CARELESS);
  await stack.start();
  await stack.settle();
  assert.equal(await meaningOf(stack), await meaningOf(fresh));
  for (const [role, { password }] of Object.entries(ROLES)) {
    assert.equal(await stack.logsIn(role, "other"), false, `${role} with the old password`);
    assert.equal(await stack.logsIn(role, password), true, `${role} with the declared password`);
  }
  assert.deepEqual(await stack.settle(), ["roles: nothing to change"]);
});

test("each password is rotated without touching the others", async () => {
  let roles: Roles = ROLES;
  for (const [role, declaration] of Object.entries(ROLES)) {
    const next = `${declaration.password}-next`;
    roles = { ...roles, [role]: { ...declaration, password: next } };
    assert.deepEqual(await fresh.settle(roles), [`role ${role}: new password`]);
    assert.equal(await fresh.logsIn(role, declaration.password), false, `${role}, old`);
    for (const [other, { password }] of Object.entries(roles)) {
      assert.equal(await fresh.logsIn(other, password), true, `${other} after ${role} was rotated`);
    }
  }
  await fresh.settle();
});

test("a role dropped from the declaration cannot log in and has no rights, and comes back", async () => {
  const { panel_readonly: dropped, ...others } = ROLES;
  const lines = await fresh.settle(others);
  assert.match(lines.join("\n"), /role panel_readonly is no longer declared: it cannot log in/);
  assert.equal(await fresh.logsIn("panel_readonly", dropped!.password), false);
  assert.equal(
    await fresh.superuser("SELECT has_table_privilege('panel_readonly', 'livedata', 'SELECT')"),
    "f",
  );
  assert.deepEqual(await fresh.settle(others), ["roles: nothing to change"]);
  await fresh.settle();
  assert.equal(await fresh.logsIn("panel_readonly", dropped!.password), true);
});

test("another owner role takes over what the former one owns", async () => {
  const { migration_user: owner, ...others } = ROLES;
  await fresh.settle({ ...others, schema_owner: owner! });
  assert.equal(
    await fresh.superuser(
      "SELECT DISTINCT relowner::regrole FROM pg_class WHERE relnamespace = 'public'::regnamespace",
    ),
    "schema_owner",
  );
  assert.equal(await fresh.logsIn("migration_user", owner!.password), false);
  await fresh.settle();
  assert.equal(await fresh.run("migration_user", "SELECT count(*) FROM livedata"), "0");
});

test("createdb is given and taken as declared", async () => {
  const roles = { ...ROLES, api_user: { ...ROLES["api_user"]!, createdb: true } };
  assert.deepEqual(await fresh.settle(roles), ["role api_user: createdb"]);
  assert.deepEqual(await fresh.settle(), ["role api_user: nocreatedb"]);
});

test("a statement that fails leaves everything as it was and says what to do", async () => {
  await fresh.superuser("GRANT pg_read_all_data TO api_user");
  const before = await rawState(fresh);
  const { status, stderr } = await fresh.trySettle({
    ...ROLES,
    a_first: { rights: "read", password: "x" },
    migration_user: { rights: "owner", password: "not-yet" },
  });
  assert.equal(status, 70);
  assert.match(
    stderr,
    /role api_user is a member of pg_read_all_data, granted by postgres, which beppp may not take back/,
  );
  assert.match(stderr, /REVOKE pg_read_all_data FROM api_user GRANTED BY postgres/);
  assert.match(stderr, /stay as they were/);
  assert.equal(await rawState(fresh), before);
  assert.equal(await fresh.logsIn("migration_user", "not-yet"), false);
  await fresh.superuser("REVOKE pg_read_all_data FROM api_user");
});

test("a table in use is not waited for without end", async () => {
  await fresh.superuser("ALTER TABLE livedata OWNER TO beppp");
  const holder = fresh.query(
    ADMIN,
    fresh.adminPassword,
    "BEGIN; LOCK TABLE livedata; SELECT pg_sleep(600)",
  );
  const holds =
    "FROM pg_locks WHERE relation = 'livedata'::regclass AND granted AND mode = 'AccessExclusiveLock'";
  await until(
    "the table is in use",
    async () => (await fresh.superuser(`SELECT count(*) ${holds}`)) === "1",
  );
  const { status, stderr } = await fresh.trySettle(ROLES);
  assert.equal(status, 70);
  assert.match(stderr, /canceling statement due to lock timeout/);
  await fresh.superuser(`SELECT pg_terminate_backend(pid) ${holds}`);
  await holder;
  await fresh.settle();
});

const WRONG: readonly (readonly [string, unknown, RegExp])[] = [
  [
    "no owner",
    { api: { rights: "write", password: "x" } },
    /exactly one role has rights "owner"; there are 0/,
  ],
  [
    "no rights",
    { a: { password: "x" } },
    /role "a": rights is null; allowed: "owner", "write", "read"/,
  ],
  ["unknown rights", { a: { rights: "all", password: "x" } }, /role "a": rights is "all"; allowed/],
  ["the admin", { beppp: { rights: "owner", password: "x" } }, /role "beppp": the name belongs to/],
  [
    "a bad name",
    { 'a";': { rights: "owner", password: "x" } },
    /role "a";": allowed are lower-case/,
  ],
  [
    "an unknown key",
    { a: { rights: "owner", password: "x", superuser: true } },
    /role "a": superuser is not known/,
  ],
  [
    "read-only tables of a reader",
    {
      o: { rights: "owner", password: "x" },
      a: { rights: "read", password: "x", readOnlyTables: ["t"] },
    },
    /role "a": readOnlyTables is a list of table names of a role with rights "write"/,
  ],
  ["no password", { a: { rights: "owner" } }, /a: it is empty or no text/],
  [
    "a line break",
    { a: { rights: "owner", password: "hidden\nword" } },
    /a: it holds a line break/,
  ],
];

for (const [what, roles, message] of WRONG) {
  test(`a declaration with ${what} is refused before anything is done`, async () => {
    const { status, stdout, stderr } = await fresh.trySettle(roles as Roles);
    assert.equal(status, 64);
    assert.match(stderr, message);
    assert.equal(stdout, "");
    assert.doesNotMatch(stderr, /hidden/);
  });
}
