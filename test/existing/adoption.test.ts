import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../e2e/support/server";
import { ExistingMachine } from "./support/existing-machine";
import { ExistingStack } from "./support/existing-stack";
import { FOLDER, OlderInstallation } from "./support/older-installation";

const NAME = "ext-adoption";
const machine = new ExistingMachine(NAME, "trixie");
const older = new OlderInstallation(machine);
let stack: ExistingStack;
let files = "";

/** Runs statements in berth's database as its superuser; one row a line. */
async function sql(statements: string): Promise<string> {
  return machine.shell(`docker exec --interactive --user 999:999 battery-hub-data-postgres-1 \\
  psql -h /run/postgresql -U postgres -d beppp -v ON_ERROR_STOP=1 -qAt <<'SQL'
${statements}
SQL`);
}

/** What a role may do is asked as that role, over the network, with the password that berth made. */
async function as(role: string, secret: string, statement: string): Promise<boolean> {
  const password = await stack.project.output(secret);
  await machine.write("/run/test-password", `*:*:*:${role}:${password}\n`, "0644");
  await machine.write("/run/test-statement", statement, "0644");
  const { code } = await machine.attempt(
    ...["bash", "-c"],
    `docker run --rm --network battery-hub-data --user 0:0 \\
      --volume /run/test-password:/passwords:ro --volume /run/test-statement:/statement:ro \\
      --entrypoint bash "$(docker inspect --format '{{.Config.Image}}' battery-hub-data-postgres-1)" -c \\
      'install -m 0600 /passwords /tmp/passwords && PGPASSFILE=/tmp/passwords psql -w -h postgres -U ${role} \\
        -d beppp -v ON_ERROR_STOP=1 -qAt -f /statement'`,
  );
  return code === 0;
}

const settings = {
  imageCompression: "zstd",
  existingServer: { address: "", user: "root", hostKey: "", adoptFrom: FOLDER },
};

before(
  async () => {
    await machine.create();
    await older.create();
    files = await older.files();
    stack = new ExistingStack(machine, NAME);
    settings.existingServer.address = machine.address;
    settings.existingServer.hostKey = machine.hostKey;
  },
  { timeout: 1_800_000 },
);

after(async () => {
  await machine.dispose();
  stack.dispose();
});

test(
  "what serves there is not touched as long as nobody says so",
  { timeout: 600_000 },
  async () => {
    await stack.configure({ imageCompression: "zstd" });
    const { status, output } = await stack.up();
    assert.notEqual(status, 0);
    assert.match(
      output,
      /container battery-hub-nginx of \/opt\/battery-hub serves port 80; .*existingServer\.adoptFrom/,
    );
    assert.equal((await machine.attempt("id", "berth")).code, 1);
    await eventually("it serves still", 180, () => older.serves());
  },
);

test(
  "a migration that fails gives the ports and the writers back",
  { timeout: 900_000 },
  async () => {
    await stack.configure(settings);
    // A table that revision 0004 is about to make.
    await older.sql("CREATE TABLE notifications (id int)");
    const { status, output } = await stack.up();
    assert.notEqual(status, 0);
    assert.match(output, /the migration of release [0-9a-f]{12} failed/);
    assert.match(output, /the certificate hub\.example\.org of before serves until/);
    assert.match(output, /starting the older installation in \/opt\/battery-hub again/);
    await eventually("the older installation serves", 180, () => older.serves());
    const before = (await older.committed()).length;
    await eventually("it writes", 180, async () => (await older.committed()).length > before);
    assert.equal(await older.files(), files);
    // Once, for the takeover itself: nothing before that stopped it.
    const journal = await machine.run("journalctl", "-u", "battery-hub", "--no-pager", "-o", "cat");
    assert.equal(journal.match(/^Stopped battery-hub\.service/gm)?.length, 1, journal);
    await older.sql("DROP TABLE notifications");
  },
);

test("a release that does not start gives them back, too", { timeout: 900_000 }, async () => {
  // What the release's first service is to listen on.
  await machine.run("systemd-run", "--unit", "in-the-way", "python3", "-m", "http.server", "20000");
  const { status, output } = await stack.up();
  assert.notEqual(status, 0);
  assert.match(output, /starting the older installation in \/opt\/battery-hub again/);
  await eventually("the older installation serves", 180, () => older.serves());
  assert.notEqual((await machine.attempt("systemctl", "is-enabled", "nginx")).code, 0);
  await machine.run("systemctl", "stop", "in-the-way");
});

test(
  "the next up takes everything over, with what was written in between",
  { timeout: 900_000 },
  async () => {
    const { status, output } = await stack.up();
    assert.equal(status, 0, output);
    assert.match(output, /has served since its rows were copied; copying them again/);
    assert.match(output, /\d+ tables with \d+ rows are taken over from \/opt\/battery-hub/);
    // By these a log that is shown is rid of secrets.
    const names = await machine.run("sh", "-c", "cat /opt/battery-hub/releases/*/secret-names");
    assert.match(names, /^ADMIN_PASSWORD$/m);
    const checks = await stack.checks();
    assert.equal(checks.status, 0, checks.output);
    for (let number = 2; number <= 13; number += 1)
      assert.match(checks.output, new RegExp(`ok +${String(number)}/13 `));
  },
);

test("no row is missing and none differs", { timeout: 120_000 }, async () => {
  const committed = await older.committed();
  assert.ok(committed.length > 100, `${String(committed.length)} rows were written meanwhile`);
  const there = new Set((await sql("SELECT id FROM livedata")).split("\n"));
  assert.deepEqual(
    committed.filter((id) => !there.has(id)),
    [],
  );
  const folder = "/srv/berth/battery-hub/adoption";
  const counted = await machine.run("cat", `${folder}/old.rows`);
  assert.match(counted, /^table public\.users\|200\|/m);
  assert.match(counted, /^table public\.made_by_hand\|2\|/m);
  assert.equal(await machine.run("cat", `${folder}/new.rows`), counted);
  assert.equal(
    await sql("SELECT string_agg(name, ',' ORDER BY id) FROM hubs WHERE NOT is_synthetic"),
    "Berlin,Köln,quote ' and | bar",
  );
  assert.equal(await sql("SELECT count(*) FROM users WHERE username LIKE 'user%'"), "200");
  assert.equal(await sql("SELECT version_num FROM alembic_version"), "0006");
});

test("its roles are berth's: passwords, owner and rights", { timeout: 300_000 }, async () => {
  const owners =
    "SELECT DISTINCT relowner::regrole FROM pg_class WHERE relnamespace = 'public'::regnamespace";
  assert.equal(await sql(owners), "migration_user");
  assert.equal(await sql("SELECT rolsuper FROM pg_roles WHERE rolname = 'beppp'"), "f");
  const cells: [string, string, string, boolean][] = [
    ["panel_readonly", "dbPanelPassword", "SELECT * FROM livedata LIMIT 1", true],
    ["panel_readonly", "dbPanelPassword", "SELECT * FROM notifications LIMIT 1", true],
    ["panel_readonly", "dbPanelPassword", "DELETE FROM hubs", false],
    ["panel_readonly", "dbPanelPassword", "CREATE TEMP TABLE t (i int)", false],
    ["api_user", "dbApiPassword", "UPDATE made_by_hand SET note = note", true],
    ["api_user", "dbApiPassword", "SELECT nextval('made_by_hand_id_seq')", true],
    ["api_user", "dbApiPassword", "CREATE TABLE t (i int)", false],
    ["api_user", "dbApiPassword", "UPDATE alembic_version SET version_num = 'x'", false],
    ["migration_user", "dbMigrationPassword", "ALTER TABLE users ADD COLUMN x int", true],
    ["migration_user", "dbMigrationPassword", "ALTER TABLE users DROP COLUMN x", true],
  ];
  for (const [role, secret, statement, allowed] of cells)
    assert.equal(await as(role, secret, statement), allowed, `${role}: ${statement}`);
});

test("what it left stays as it was, and none of it starts by itself", async () => {
  assert.equal(await older.files(), files);
  assert.equal(await machine.run("ls", "/srv/berth/letsencrypt/renewal"), "battery-hub.conf");
  assert.match(await machine.run("docker", "volume", "ls", "-q"), /^battery-hub_postgres_data$/m);
  assert.equal(
    (await machine.attempt("systemctl", "is-enabled", "battery-hub")).stdout,
    "disabled\n",
  );
  // crontab -l leaves out comments at the beginning.
  const cron = await machine.run("cat", "/var/spool/cron/crontabs/root");
  assert.match(cron, /^# turned off by berth: 0 2 \* \* \* \/opt\/battery-hub\/backup\.sh/m);
  assert.match(cron, /^# turned off by berth: 0 3 1 \* \* certbot renew/m);
  assert.match(cron, /^17 4 \* \* \* \/usr\/local\/bin\/not-of-ours/m);
});

test("a second up changes nothing and logs in nowhere", { timeout: 300_000 }, async () => {
  const logins = await machine.logins();
  const { status, output } = await stack.project.pulumi(
    ...["up", "--yes", "--skip-preview", "--expect-no-changes"],
  );
  assert.equal(status, 0, output);
  assert.equal(await machine.logins(), logins);
});

test(
  "after a restart of the server the new one serves, and only that",
  { timeout: 900_000 },
  async () => {
    await machine.restart();
    await eventually("the checks pass", 600, async () => (await stack.checks()).status === 0);
    const names = await machine.run("docker", "ps", "--format", "{{.Names}}");
    assert.doesNotMatch(names, /battery-hub-(postgres|nginx|api)$/m);
  },
);
