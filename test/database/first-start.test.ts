import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { DatabaseContainer } from "./database-container";
import { ensureImage } from "./postgres-image";
import { output, until } from "./shell";

let container: DatabaseContainer;

before(async () => {
  await ensureImage();
  container = new DatabaseContainer();
});
beforeEach(() => container.fresh());
after(() => container.remove());

test("a first start gives a cluster with checksums, UTF-8 and SCRAM, as uid 999 in a read-only container", async () => {
  await container.launchToHealth();
  const { stdout } = await container.superuser(`
    SELECT current_setting('data_checksums'), pg_encoding_to_char(encoding), datlocprovider, datlocale,
      current_setting('password_encryption') FROM pg_database WHERE datname = 'app'`);
  assert.equal(stdout.trim(), "on|UTF8|b|C.UTF-8|scram-sha-256");
  const admin = await container.superuser(`
    SELECT rolsuper, rolcreaterole, rolcreatedb, pg_has_role('app', 'pg_monitor', 'USAGE'),
      (SELECT datdba::regrole FROM pg_database WHERE datname = 'app') FROM pg_roles WHERE rolname = 'app'`);
  assert.equal(admin.stdout.trim(), "f|t|t|t|app");
  assert.equal((await container.run("id", "-u")).stdout.trim(), "999");
  assert.equal((await container.run("touch", "/etc/x")).status, 1);
});

/** Kills a first start that has come to some moment, and has the next one begin anew. */
async function kill(what: string, isThere: () => boolean): Promise<void> {
  // Its first statements never come, so that it waits for the kill, however late that is.
  const statements = join(dirname(container.data), "statements");
  await output("sh", ["-c", `[ -p ${statements} ] || mkfifo -m 0644 ${statements}`]);
  const volume = `${statements}:/usr/local/lib/berth/initialise.sql:ro`;
  await container.launch(undefined, [], ["--volume", volume]);
  await until(what, isThere);
  await container.end("kill");
  assert.equal(isThere(), true);
  assert.equal(existsSync(join(container.data, "PG_VERSION")), false);
  await container.launchToHealth();
  assert.match(await container.log(), /broken off: starting anew/);
}

/** Whether the first start's own server runs; the servers of initdb write a negative process id. */
function serverRuns(): boolean {
  const file = join(container.data, ".unfinished/postmaster.pid");
  return existsSync(file) && /^[1-9][^]*\nready/.test(readFileSync(file, "utf8"));
}

test("a first start that is killed while it makes the cluster is made anew", async () => {
  await kill("initdb has begun", () => existsSync(join(container.data, ".unfinished/base")));
  assert.equal(existsSync(join(container.data, ".unfinished")), false);
});

test("a first start that is killed while its own server runs is made anew", async () => {
  await kill("its server runs", serverRuns);
  assert.equal(
    (
      await container.superuser("SELECT count(*) FROM pg_roles WHERE rolname = 'app'")
    ).stdout.trim(),
    "1",
  );
});

test("a first start that is killed while files move into place is made anew", async () => {
  await container.launchToHealth();
  await container.end("stop");
  // As it looks when only PG_VERSION, which moves last, is not yet in place.
  const unfinished = join(container.data, ".unfinished");
  container.makeFolder(unfinished);
  renameSync(join(container.data, "PG_VERSION"), join(unfinished, "PG_VERSION"));
  await container.launchToHealth();
  assert.match(await container.log(), /broken off: starting anew/);
});

test("a data directory that is not ours to empty is refused and kept", async () => {
  writeFileSync(join(container.data, "precious"), "x");
  await container.launch();
  const [status, said] = await container.ended();
  assert.equal(status, "73");
  assert.match(said, /holds files but no database \(PG_VERSION is missing\)/);
  assert.deepEqual(readdirSync(container.data), ["precious"]);
});

const WRONG: readonly (readonly [string, Record<string, string>, RegExp])[] = [
  ["no user", {}, /POSTGRES_USER is not set/],
  [
    "the superuser as user",
    { POSTGRES_USER: "postgres" },
    /POSTGRES_USER is 'postgres'; allowed are/,
  ],
  ["a user of odd characters", { POSTGRES_USER: 'a"b' }, /POSTGRES_USER is 'a"b'; allowed are/],
  [
    "a template as database",
    { POSTGRES_USER: "app", POSTGRES_DB: "template1" },
    /POSTGRES_DB is 'template1'/,
  ],
  [
    "a password with a line break",
    { POSTGRES_USER: "app", POSTGRES_PASSWORD: "a\nb" },
    /holds a line break/,
  ],
  [
    "an unreadable password file",
    { POSTGRES_USER: "app", POSTGRES_PASSWORD_FILE: "/no" },
    /is '\/no', which uid 999 cannot read/,
  ],
];

for (const [what, variables, message] of WRONG) {
  test(`a first start with ${what} is refused`, async () => {
    await container.launch(variables);
    const [status, said] = await container.ended();
    assert.equal(status, "64");
    assert.match(said, message);
    assert.deepEqual(readdirSync(container.data), []);
  });
}
