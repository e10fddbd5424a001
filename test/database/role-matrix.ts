import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ADMIN, type DatabaseStack, ROLES } from "./database-stack";

// One table for each time a table can be made: by the admin before there were roles, by a migration, and by a
// migration after which roles.sh was not run again.
const TABLES = ["first", "second", "third"] as const;

const makeTable = (table: string): string => `
  CREATE TABLE ${table} (id serial PRIMARY KEY, note text);
  INSERT INTO ${table} (note) VALUES ('one');
  CREATE VIEW ${table}_view AS SELECT note FROM ${table};
  CREATE FUNCTION ${table}_count() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM ${table}';`;

const ACTIONS: Readonly<Record<string, (table: string, superuser: string) => string>> = {
  select: (table) => `SELECT * FROM ${table}`,
  "select from view": (table) => `SELECT * FROM ${table}_view`,
  insert: (table) => `INSERT INTO ${table} (id, note) VALUES (99, 'two')`,
  update: (table) => `UPDATE ${table} SET note = 'three'`,
  delete: (table) => `DELETE FROM ${table}`,
  truncate: (table) => `TRUNCATE ${table}`,
  nextval: (table) => `SELECT nextval('${table}_id_seq')`,
  setval: (table) => `SELECT setval('${table}_id_seq', 7)`,
  "call function": (table) => `SELECT ${table}_count()`,
  "create table": (table) => `CREATE TABLE ${table}_more (id integer)`,
  "alter table": (table) => `ALTER TABLE ${table} ADD COLUMN more text`,
  "drop table": (table) => `DROP TABLE ${table} CASCADE`,
  "create index": (table) => `CREATE INDEX ON ${table} (note)`,
  "add trigger": (table) =>
    `CREATE TRIGGER ${table}_touch BEFORE UPDATE ON ${table} EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
  "take ownership": (table) => `ALTER TABLE ${table} OWNER TO CURRENT_USER`,
  "temporary table": (table) => `CREATE TEMP TABLE ${table}_scratch (id integer)`,
  "read revisions": () => `SELECT version_num FROM alembic_version`,
  "write revisions": () => `UPDATE alembic_version SET version_num = 'x'`,
  "create schema": () => `CREATE SCHEMA other`,
  "create role": () => `CREATE ROLE other`,
  "become owner": () => `SET ROLE migration_user`,
  "become superuser": (_, superuser) => `SET ROLE ${superuser}`,
  "read files": () => `SELECT pg_read_file('PG_VERSION')`,
};

// no: permission denied, SQL state 42501. Everything else would show as its SQL state.
const EXPECTED = `
                    beppp  migration_user  api_user  panel_readonly
  select            yes    yes             yes       yes
  select from view  yes    yes             yes       yes
  insert            yes    yes             yes       no
  update            yes    yes             yes       no
  delete            yes    yes             yes       no
  truncate          yes    yes             no        no
  nextval           yes    yes             yes       no
  setval            yes    yes             no        no
  call function     yes    yes             yes       no
  create table      yes    yes             no        no
  alter table       yes    yes             no        no
  drop table        yes    yes             no        no
  create index      yes    yes             no        no
  add trigger       yes    yes             no        no
  take ownership    yes    yes             no        no
  temporary table   yes    yes             yes       no
  read revisions    yes    yes             yes       yes
  write revisions   yes    yes             no        no
  create schema     yes    no              no        no
  create role       yes    no              no        no
  become owner      yes    yes             no        no
  become superuser  no     no              no        no
  read files        no     no              no        no
`;

const PASSWORDS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ROLES).map(([role, { password }]) => [role, password]),
);

/** Reads a table of the kind above into role -> row -> cell. */
function columns(table: string): Map<string, Record<string, string>> {
  const [head = "", ...rows] = table.split("\n").filter((line) => line.trim() !== "");
  const roles = head.trim().split(/\s+/);
  const result = new Map<string, Record<string, string>>(roles.map((role) => [role, {}]));
  for (const row of rows) {
    const [name = "", ...cells] = row.trim().split(/\s{2,}/);
    roles.forEach((role, index) => (result.get(role)![name] = cells[index] ?? "missing"));
  }
  return result;
}

/** A kind of database that the matrix is tried on. */
export interface MatrixDatabase {
  /** Makes a running database that holds nothing yet. */
  readonly start: () => Promise<DatabaseStack>;
  /** Name of its only superuser. */
  readonly superuser: string;
  /** Which role connects to which database: a table with the roles as heading. */
  readonly connections: string;
}

/** Tries every action in a transaction that is rolled back; gives yes, no or the unexpected SQL state. */
async function attemptAll(
  stack: DatabaseStack,
  superuser: string,
  role: string,
  table: string,
): Promise<Record<string, string>> {
  const password = role === ADMIN ? stack.adminPassword : (PASSWORDS[role] ?? "");
  // The role's own setting is lifted, so that rights are seen, not a default that a session may change.
  const script = Object.entries(ACTIONS)
    .map(
      ([action, statement]) =>
        `BEGIN READ WRITE;\n${statement(table, superuser)} \\g /dev/null\n\\echo ${action} => :SQLSTATE\nROLLBACK;\n`,
    )
    .join("");
  const { stdout } = await stack.query(role, password, script, "hub", []);
  return Object.fromEntries(
    [...stdout.matchAll(/^(.+) => (\w{5})$/gm)].map(([, action = "", state = ""]) => [
      action,
      { "00000": "yes", "42501": "no" }[state] ?? state,
    ]),
  );
}

/** Makes the tests of what each role may do; gives the database, which is there from the first test on. */
export function testRoleMatrix(database: MatrixDatabase): () => DatabaseStack {
  let stack: DatabaseStack;
  before(async () => {
    stack = await database.start();
    await stack.run(ADMIN, makeTable("first"));
    await stack.settle();
    await stack.run(
      "migration_user",
      `${makeTable("second")}
     CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('a')`,
    );
    await stack.settle();
    await stack.run("migration_user", makeTable("third"));
  });
  after(() => stack.remove());

  for (const [role, expected] of columns(EXPECTED)) {
    for (const table of TABLES) {
      test(`${role} has exactly the declared rights on the ${table} table`, async () => {
        assert.deepEqual(await attemptAll(stack, database.superuser, role, table), expected);
      });
    }
  }

  for (const [role, expected] of columns(database.connections)) {
    test(`${role} connects to exactly the declared databases`, async () => {
      const password = role === ADMIN ? stack.adminPassword : (PASSWORDS[role] ?? "");
      const got: Record<string, string> = {};
      for (const name of Object.keys(expected)) {
        const { status, stderr } = await stack.query(role, password, "SELECT 1", name);
        const refused = stderr.includes(`permission denied for database "${name}"`);
        got[name] = status === 0 ? "yes" : refused ? "no" : stderr;
      }
      assert.deepEqual(got, expected);
    });
  }

  test("a session of the read role is read-only and bounded, one of the owner gives up on locks", async () => {
    const show = (name: string) => `SELECT current_setting('${name}')`;
    const panel = await stack.run(
      "panel_readonly",
      `${show("default_transaction_read_only")}; ${show("statement_timeout")}`,
    );
    assert.equal(panel, "on\n1min");
    assert.equal(await stack.run("migration_user", show("lock_timeout")), "5s");
    assert.equal(await stack.run("api_user", show("default_transaction_read_only")), "off");
  });

  return () => stack;
}
