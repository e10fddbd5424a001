import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ADMIN, ROLES } from "./database-stack";
import { RdsStack, type TlsWish } from "./rds-stack";

let stack: RdsStack;

before(async () => {
  stack = await RdsStack.started("tls");
});
after(() => stack.remove());

const REFUSED: readonly (readonly [title: string, wish: TlsWish, host: string, reason: RegExp])[] =
  [
    [
      "without TLS",
      { mode: "disable" },
      "",
      /FATAL: {2}no pg_hba\.conf entry for host "[\d.]+", user "beppp", database "hub", no encryption/,
    ],
    [
      "verified by another authority",
      { mode: "verify-full", authority: "other.pem" },
      "",
      /SSL error: certificate verify failed/,
    ],
    [
      "under another name",
      { mode: "verify-full", authority: "right.pem" },
      "other",
      /server certificate for "[^"]+" does not match host name "other\./,
    ],
  ];

for (const [title, wish, name, reason] of REFUSED) {
  test(`a connection ${title} is refused`, async () => {
    const { status, stderr } = await stack.asking(wish, () =>
      stack.query(ADMIN, stack.adminPassword, "SELECT 1", "hub", [
        ...(name === "" ? [] : [`--host=${stack.otherName}`]),
      ]),
    );
    assert.equal(status, 2);
    assert.match(stderr, reason);
  });

  test(`the host scripts are refused ${title}, and say so`, async () => {
    const { status, stderr } = await stack.asking(wish, () =>
      stack.script("roles.sh", {
        ...stack.connection(),
        ...(name === "" ? {} : { DB_HOST: stack.otherName }),
        ROLES: JSON.stringify(ROLES),
      }),
    );
    assert.equal(status, 69, stderr);
    assert.match(stderr, reason);
    assert.match(stderr, /database hub at \S+:5432 does not let beppp in/);
  });
}

test("a verified connection is encrypted, and a wrong password gets nobody in", async () => {
  const version = await stack.run(
    ADMIN,
    "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl",
  );
  assert.match(version, /^TLSv1\.[23]$/);
  assert.equal(await stack.logsIn(ADMIN, "another-word"), false);
});

test("the master is what RDS gives out, no superuser", async () => {
  const attributes = await stack.run(
    ADMIN,
    `SELECT rolsuper, rolreplication, rolbypassrls, rolcreaterole, rolcreatedb
     FROM pg_roles WHERE rolname = current_user;
     SELECT pg_has_role('rds_superuser', 'member'), pg_has_role('rdsadmin', 'member');
     SELECT datname, datdba::regrole FROM pg_database ORDER BY datname`,
  );
  assert.deepEqual(attributes.split("\n"), [
    "f|f|f|t|t",
    "t|f",
    "hub|beppp",
    "postgres|beppp",
    "rdsadmin|rdsadmin",
    "template0|rdsadmin",
    "template1|beppp",
  ]);
});

test("passwords are kept only as SCRAM verifiers and are in no log", async () => {
  await stack.server.setPassword("new-word-1'\\");
  assert.equal(await stack.logsIn(ADMIN, stack.adminPassword), false);
  stack.adminPassword = "new-word-1'\\";
  assert.equal(await stack.logsIn(ADMIN, stack.adminPassword), true);
  const kinds = await stack.superuser(
    "SELECT DISTINCT split_part(rolpassword, '$', 1) FROM pg_authid WHERE rolpassword IS NOT NULL",
  );
  assert.equal(kinds, "SCRAM-SHA-256");
  assert.doesNotMatch(await stack.server.log(), /new-word-1|admin-word-1/);
});

test("rds.force_ssl 0 lets in without TLS, 1 does not any more", async () => {
  const isLetIn = () =>
    stack.asking({ mode: "disable" }, () => stack.logsIn(ADMIN, stack.adminPassword));
  await stack.server.setParameters({ "rds.force_ssl": "0" });
  assert.equal(await isLetIn(), true);
  await stack.server.setParameters({ "rds.force_ssl": "1" });
  assert.equal(await isLetIn(), false);
});

test("roles and rows survive a restart, and settling again changes nothing", async () => {
  await stack.settle();
  await stack.run("migration_user", "CREATE TABLE kept (n integer); INSERT INTO kept VALUES (7)");
  await stack.settle();
  await stack.server.reboot();
  assert.equal(await stack.run("api_user", "SELECT n FROM kept"), "7");
  assert.deepEqual(await stack.settle(), ["roles: nothing to change"]);
});
