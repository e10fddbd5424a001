import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { IMAGE, ensureImage } from "./postgres-image";
import { type Outcome, attempt, output, until } from "./shell";

const HEALTHY = "/usr/local/lib/berth/healthy.sh";
const stack = `test-database-image-${randomBytes(3).toString("hex")}`;
const root = mkdtempSync(join(tmpdir(), "berth-image-"));
let data: string;

before(ensureImage);
after(() => rmSync(root, { recursive: true, force: true }));
afterEach(async () => attempt("docker", ["rm", "--force", "--volumes", stack]));

/** An empty folder for PGDATA that belongs to the database's user. */
function freshData(): void {
  data = mkdtempSync(join(root, "data-"));
  chownSync(data, 999, 999);
  chmodSync(data, 0o700);
}

/** Starts a container as a hardened Compose service would. */
async function launch(
  variables: Readonly<Record<string, string>> = { POSTGRES_USER: "app", POSTGRES_PASSWORD: "w" },
  command: readonly string[] = [],
): Promise<void> {
  await attempt("docker", ["rm", "--force", stack]);
  await output("docker", [
    ...["run", "--detach", "--name", stack, "--label", `berth.stack=${stack}`, "--network", "none"],
    ...[
      "--user",
      "999:999",
      "--read-only",
      "--cap-drop",
      "ALL",
      "--security-opt",
      "no-new-privileges",
    ],
    ...["--tmpfs", "/run/postgresql:uid=999,gid=999", "--tmpfs", "/tmp"],
    ...["--volume", `${data}:/var/lib/postgresql/data`],
    ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    IMAGE,
    ...command,
  ]);
}

const inside = (...command: string[]): Promise<Outcome> =>
  attempt("docker", ["exec", stack, ...command]);
const answers = async (): Promise<boolean> => (await inside(HEALTHY)).status === 0;
const socket = async (sql: string): Promise<Outcome> =>
  inside(
    "psql",
    "--no-psqlrc",
    "-qtA",
    "--username=postgres",
    "--dbname=postgres",
    "--command",
    sql,
  );

async function log(): Promise<string> {
  const { stdout, stderr } = await attempt("docker", ["logs", stack]);
  return stdout + stderr;
}

/** Waits for the end of a container that refuses to start. */
async function refusal(): Promise<[string, string]> {
  const status = await output("docker", ["wait", stack]);
  return [status, await log()];
}

test("a first start gives a cluster with checksums, UTF-8 and SCRAM, as uid 999 in a read-only container", async () => {
  freshData();
  await launch();
  await until("the database answers", answers);
  const { stdout } = await socket(`
    SELECT current_setting('data_checksums'), pg_encoding_to_char(encoding), datlocprovider, datlocale,
      current_setting('password_encryption') FROM pg_database WHERE datname = 'app'`);
  assert.equal(stdout.trim(), "on|UTF8|b|C.UTF-8|scram-sha-256");
  assert.equal((await inside("id", "-u")).stdout.trim(), "999");
  assert.equal((await inside("touch", "/etc/x")).status, 1);
});

test("the first start's password stands in no log and in no environment of the server", async () => {
  freshData();
  await launch({ POSTGRES_USER: "app", POSTGRES_PASSWORD: "quoted'word" });
  await until("the database answers", answers);
  assert.equal((await log()).includes("quoted"), false);
  const environment = await inside("cat", "/proc/1/environ");
  assert.match(environment.stdout, /POSTGRES_USER=app/);
  assert.equal(environment.stdout.includes("quoted"), false);
});

test("the password may come from a file", async () => {
  freshData();
  writeFileSync(join(data, "../word"), "from-a-file\n");
  await attempt("docker", ["rm", "--force", stack]);
  await output("docker", [
    ...["run", "--detach", "--name", stack, "--label", `berth.stack=${stack}`],
    ...[
      "--volume",
      `${join(root, "word")}:/run/word:ro`,
      "--env",
      "POSTGRES_PASSWORD_FILE=/run/word",
    ],
    ...["--env", "POSTGRES_USER=app", "--env", "POSTGRES_DB=shop", IMAGE],
  ]);
  await until("the database answers", answers);
  const login = await attempt(
    "docker",
    [
      "exec",
      "--env",
      "PGPASSWORD",
      stack,
      "psql",
      "-h",
      "127.0.0.1",
      "-U",
      "app",
      "-d",
      "shop",
      "-tAc",
      "SELECT 5",
    ],
    { env: { PGPASSWORD: "from-a-file" } },
  );
  assert.equal(login.stdout.trim(), "5");
});

test("without a password the role cannot log in", async () => {
  freshData();
  await launch({ POSTGRES_USER: "app" });
  await until("the database answers", answers);
  const hash = await socket("SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'app'");
  assert.equal(hash.stdout.trim(), "t");
});

test("a first start that is killed while it makes the cluster is made anew", async () => {
  freshData();
  await launch();
  await until("initdb has begun", () => existsSync(join(data, ".unfinished/base")));
  await output("docker", ["kill", stack]);
  assert.equal(existsSync(join(data, "PG_VERSION")), false);
  await launch();
  await until("the database answers", answers);
  assert.match(await log(), /broken off: starting anew/);
  assert.equal(existsSync(join(data, ".unfinished")), false);
});

test("a first start that is killed while its own server runs is made anew", async () => {
  freshData();
  await launch();
  await until("its server runs", () => existsSync(join(data, ".unfinished/postmaster.pid")));
  await output("docker", ["kill", stack]);
  await launch();
  await until("the database answers", answers);
  assert.equal(
    (await socket("SELECT count(*) FROM pg_roles WHERE rolname = 'app'")).stdout.trim(),
    "1",
  );
});

test("a first start that is killed while files move into place is made anew", async () => {
  freshData();
  await launch();
  await until("the database answers", answers);
  await output("docker", ["stop", stack]);
  // As it looks when only PG_VERSION, which moves last, is not yet in place.
  mkdirSync(join(data, ".unfinished"));
  await output("mv", [join(data, "PG_VERSION"), join(data, ".unfinished/PG_VERSION")]);
  await launch();
  await until("the database answers", answers);
  assert.match(await log(), /broken off: starting anew/);
});

test("a data directory that is not ours to empty is refused and kept", async () => {
  freshData();
  writeFileSync(join(data, "precious"), "x");
  await launch();
  const [status, said] = await refusal();
  assert.equal(status, "73");
  assert.match(said, /holds files but no database \(PG_VERSION is missing\)/);
  assert.deepEqual(readdirSync(data), ["precious"]);
});

test("the health check is red while only the socket answers", async () => {
  freshData();
  await launch();
  await until("the database answers", answers);
  await output("docker", ["stop", stack]);
  await launch({}, ["postgres", "-c", "listen_addresses="]);
  await until("the socket answers", async () => (await socket("SELECT 1")).status === 0);
  assert.notEqual((await inside(HEALTHY)).status, 0);
});

test("the health check's role can do nothing else", async () => {
  freshData();
  await launch();
  await until("the database answers", answers);
  const as = (database: string, sql: string): Promise<Outcome> =>
    inside(
      "psql",
      "-w",
      "-qtA",
      "-h",
      "127.0.0.1",
      "-U",
      "berth_health",
      "-d",
      database,
      "-c",
      sql,
    );
  assert.equal((await as("app", "SELECT 1")).status, 2);
  assert.match((await as("postgres", "CREATE TABLE t ()")).stderr, /permission denied/);
  assert.match((await as("postgres", "CREATE TEMP TABLE t ()")).stderr, /permission denied/);
});

test("a stop ends sessions at once and leaves a clean cluster", async () => {
  freshData();
  await launch();
  await until("the database answers", answers);
  const session = inside("psql", "-U", "postgres", "-c", "SELECT pg_sleep(60)");
  await until("the session runs", async () =>
    (
      await socket("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
    ).stdout.startsWith("1"),
  );
  await output("docker", ["stop", "--time", "30", stack]);
  assert.notEqual((await session).status, 0);
  assert.equal(await output("docker", ["inspect", "--format", "{{.State.ExitCode}}", stack]), "0");
  assert.match(await log(), /received fast shutdown request[^]*database system is shut down/);
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
    freshData();
    await launch(variables);
    const [status, said] = await refusal();
    assert.equal(status, "64");
    assert.match(said, message);
    assert.deepEqual(readdirSync(data), []);
  });
}
