import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { DatabaseContainer } from "./database-container";
import { ensureImage } from "./postgres-image";
import { type Outcome, attempt, output, until } from "./shell";

// One that is set up once for all tests that only look at it, and one for each test that starts anew.
let running: DatabaseContainer;
let container: DatabaseContainer;

before(async () => {
  await ensureImage();
  running = new DatabaseContainer();
  container = new DatabaseContainer();
  await running.fresh();
  await running.launchToHealth({ POSTGRES_USER: "app", POSTGRES_PASSWORD: "quoted'word" });
});
beforeEach(() => container.fresh());
after(async () => {
  await running.remove();
  await container.remove();
});

test("the first start's password stands in no log and in no environment of the server", async () => {
  assert.equal((await running.log()).includes("quoted"), false);
  const environment = await running.run("cat", "/proc/1/environ");
  assert.match(environment.stdout, /POSTGRES_USER=app/);
  assert.equal(environment.stdout.includes("quoted"), false);
});

test("a login shell finds the programs too, and no downloaded package is left", async () => {
  for (const program of ["psql", "pg_dump", "pg_restore", "pgbench", "pgbackrest"]) {
    const { stdout } = await running.run(
      "bash",
      "-lc",
      `${program} --version || ${program} version`,
    );
    assert.match(stdout, /\b(PostgreSQL\) 17|pgBackRest 2)\./, program);
  }
  assert.equal(
    (await running.run("sh", "-c", "ls /var/cache/apt/archives/*.deb; true")).stdout,
    "",
  );
});

test("the password may come from a file", async () => {
  const file = join(dirname(container.data), "word");
  writeFileSync(file, "from-a-file\n");
  const variables = {
    POSTGRES_USER: "app",
    POSTGRES_DB: "shop",
    POSTGRES_PASSWORD_FILE: "/run/word",
  };
  await container.launch(variables, [], ["--volume", `${file}:/run/word:ro`]);
  await container.health();
  const command = "psql -XtA -h 127.0.0.1 -U app -d shop -c 'SELECT 5'";
  const login = await attempt(
    "docker",
    ["exec", "--env", "PGPASSWORD", container.name, "sh", "-c", command],
    { env: { PGPASSWORD: "from-a-file" } },
  );
  assert.equal(login.stdout.trim(), "5");
});

test("without a password the role cannot log in", async () => {
  await container.launchToHealth({ POSTGRES_USER: "app" });
  const hash = await container.superuser(
    "SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'app'",
  );
  assert.equal(hash.stdout.trim(), "t");
});

test("the health check's role can do nothing else", async () => {
  const as = (database: string, sql: string): Promise<Outcome> =>
    running.run("psql", "-XwqtA", "-h127.0.0.1", "-Uberth_health", `-d${database}`, "-c", sql);
  assert.equal((await as("app", "SELECT 1")).status, 2);
  assert.match((await as("postgres", "CREATE TABLE t ()")).stderr, /permission denied/);
  assert.match((await as("postgres", "CREATE TEMP TABLE t ()")).stderr, /permission denied/);
});

test("a stop ends sessions at once and leaves a clean cluster", async () => {
  const session = running.run("psql", "-U", "postgres", "-c", "SELECT pg_sleep(600)");
  await until("the session runs", async () =>
    (
      await running.superuser(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'",
      )
    ).stdout.startsWith("1"),
  );
  await running.end("stop");
  assert.notEqual((await session).status, 0);
  assert.equal(
    await output("docker", ["inspect", "--format", "{{.State.ExitCode}}", running.name]),
    "0",
  );
  assert.match(
    await running.log(),
    /received fast shutdown request[^]*database system is shut down/,
  );
});

test("the health check is red while only the socket answers", async () => {
  await running.launch({}, ["postgres", "-c", "listen_addresses="]);
  await until("the socket answers", async () => (await running.superuser("SELECT 1")).status === 0);
  assert.notEqual((await running.run("/usr/local/lib/berth/healthy.sh")).status, 0);
});
