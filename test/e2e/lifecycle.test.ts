import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fetchLocally } from "./support/https";
import { Project } from "./support/project";
import { dockerLeftovers, eventually, LocalServer } from "./support/server";

const STACK = "e2e";
const project = new Project(STACK);
const server = new LocalServer(STACK);

const SECRETS = [
  "secretKey",
  "webhookSecret",
  "postgresPassword",
  "dbPanelPassword",
  "dbApiPassword",
  "dbMigrationPassword",
  "adminPassword",
];

interface Health {
  readonly status: string;
  readonly version: string;
  readonly revision: string;
}

let urls: Record<string, string> = {};
let root = "";

async function health(): Promise<Health> {
  const { status, body } = await fetchLocally(`${urls.api ?? ""}/health`, root);
  assert.equal(status, 200, body);
  return JSON.parse(body) as Health;
}

async function refreshOutputs(): Promise<void> {
  urls = JSON.parse(await project.output("urls")) as Record<string, string>;
  root = await project.output("certificateRoot");
}

/** What plain HTTP on the server answers for a domain. */
function serial(): string {
  return server
    .run("openssl", "x509", "-in", "/srv/berth/tls/battery-hub/fullchain.pem", "-noout", "-serial")
    .replace("serial=", "");
}

before(() => project.removeLeftServer());

after(async () => {
  await project.pulumi("destroy", "--yes", "--skip-preview");
  project.dispose();
});

test("from nothing, make up brings three names to HTTPS", { timeout: 900_000 }, async () => {
  const { status, output } = await project.make("up");
  assert.equal(status, 0, output);
  await refreshOutputs();
  for (const url of Object.values(urls)) {
    const answer = await fetchLocally(url, root);
    assert.ok([200, 303, 404].includes(answer.status), `${url} answers ${answer.status}`);
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
  }
  assert.equal((await fetchLocally(urls.main ?? "", root)).status, 200);
  assert.equal((await health()).status, "ok");
  assert.match(output, /https:\/\/battery-hub\.localhost/);
  assert.match(output, /make password/);
});

test("the first deploy logged in at most eight times", () => {
  assert.ok(server.logins() <= 8, `${server.logins()} logins`);
});

test("the thirteen checks pass on the server", { timeout: 120_000 }, async () => {
  const { status, output } = await project.make("checks");
  assert.equal(status, 0, output);
  assert.match(output, /ok +all containers are running and healthy/);
  for (let number = 2; number <= 13; number += 1)
    assert.match(output, new RegExp(`ok +${number}/13 `));
});

test(
  "the checks over HTTPS pass from outside the server, trusting the authority's root",
  { timeout: 120_000 },
  async () => {
    const password = await project.output("adminPassword");
    const authority = join(project.folder, "root.pem");
    writeFileSync(authority, root);
    const environment = {
      FRONTEND_URL: urls.main,
      API_URL: urls.api,
      PANEL_URL: urls.panel,
      MAIN_DOMAIN: "battery-hub.localhost",
      API_DOMAIN: "api.battery-hub.localhost",
      PANEL_DOMAIN: "panel.battery-hub.localhost",
      BERTH_CHECK_ADDRESS: `127.0.0.1:${new URL(urls.main ?? "").port || "443"}`,
      SSL_CERT_FILE: "/run/root.pem",
    };
    const { status, stdout, stderr } = spawnSync(
      "docker",
      [
        "run",
        "--rm",
        "--interactive",
        "--network",
        "host",
        "--label",
        `berth.stack=${STACK}`,
        "--volume",
        `${authority}:/run/root.pem:ro`,
        ...Object.entries(environment).flatMap(([name, value]) => [
          "--env",
          `${name}=${String(value)}`,
        ]),
        "battery-hub/api",
        "python",
        "-m",
        "battery_hub.readiness",
        "--only",
        "https",
        "--password-stdin",
      ],
      { input: password, encoding: "utf8" },
    );
    assert.equal(status, 0, stdout + stderr);
    for (const number of [5, 6, 7, 8, 9, 12, 13])
      assert.match(stdout, new RegExp(`ok +${number}/13 `));
  },
);

test(
  "a second and a third up change nothing and log in nowhere",
  { timeout: 300_000 },
  async () => {
    const logins = server.logins();
    for (const round of ["second", "third"]) {
      const { status, output } = await project.pulumi(
        "up",
        "--yes",
        "--skip-preview",
        "--expect-no-changes",
      );
      assert.equal(status, 0, `${round}: ${output}`);
    }
    assert.equal(server.logins(), logins);
  },
);

test("the seven secrets are secret outputs, and in no output, log, plain state or process list", async () => {
  const masked = await project.pulumi("stack", "output", "--json");
  const shown = JSON.parse(masked.output) as Record<string, string>;
  for (const name of SECRETS) assert.equal(shown[name], "[secret]", name);

  const { output: state } = await project.pulumi("stack", "export");
  const places: Record<string, string> = {
    state,
    "log of PostgreSQL": server.run("docker", "logs", "battery-hub-data-postgres-1"),
    journal: server.run("journalctl", "--no-pager"),
    "process list": server.run("ps", "axww"),
    "cloud-init": server.run(
      "sh",
      "-c",
      "cat /var/lib/cloud/instance/user-data.txt /var/log/cloud-init*.log",
    ),
  };
  for (const name of SECRETS) {
    const value = await project.output(name);
    assert.ok(value.length >= 40, `${name} has ${value.length} characters`);
    for (const [place, text] of Object.entries(places)) {
      assert.ok(!text.includes(value), `${name} is in the ${place}`);
    }
  }
});

test("a changed host script reaches the running server", { timeout: 300_000 }, async () => {
  project.edit("host/logs.sh", (text) => `${text}# changed by a test\n`);
  const { status, output } = await project.make("up");
  assert.equal(status, 0, output);
  assert.match(server.run("tail", "-n", "1", "/opt/berth/host/logs.sh"), /changed by a test/);
});

test(
  "one secret is rotated alone: the new one works, the others stay",
  { timeout: 300_000 },
  async () => {
    const values = async (): Promise<string[]> =>
      Promise.all(SECRETS.map((name) => project.output(name)));
    const old = await values();
    const set = await project.pulumi(
      "config",
      "set",
      "--path",
      "secretVersions.dbApiPassword",
      "2",
    );
    assert.equal(set.status, 0, set.output);
    const { status, output } = await project.make("up");
    assert.equal(status, 0, output);
    const now = await values();
    const changed = SECRETS.filter((_, index) => old[index] !== now[index]);
    assert.deepEqual(changed, ["dbApiPassword"]);
    assert.equal((await health()).status, "ok");
  },
);

const VERSIONS = "apps/battery-hub/api/battery_hub/migrations/versions";

function revision(id: string, after: string, statement: string): string {
  return `"""A revision made by a test."""

from alembic import op

revision = "${id}"
down_revision = "${after}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("${statement}")


def downgrade() -> None:
    pass
`;
}

test("a changed image is migrated and released", { timeout: 600_000 }, async () => {
  const old = await health();
  project.add(
    `${VERSIONS}/9001_test.py`,
    revision("9001", old.revision, "CREATE TABLE made_later (id bigint)"),
  );
  const { status, output } = await project.make("up");
  assert.equal(status, 0, output);
  const now = await health();
  assert.notEqual(now.version, old.version);
  assert.equal(now.revision, "9001");
});

test(
  "a failing migration leaves the old release serving and says why",
  { timeout: 600_000 },
  async () => {
    const old = await health();
    project.add(
      `${VERSIONS}/9002_broken.py`,
      revision("9002", "9001", "ALTER TABLE there_is_none ADD COLUMN x int"),
    );
    const { status, output } = await project.make("up");
    assert.notEqual(status, 0);
    assert.match(output, /the migration of release [0-9a-f]{12} failed, nothing was switched/);
    assert.match(output, /there_is_none/);
    assert.deepEqual(await health(), old);

    project.remove(`${VERSIONS}/9002_broken.py`);
    const repaired = await project.make("up");
    assert.equal(repaired.status, 0, repaired.output);
    assert.deepEqual(await health(), old);
  },
);

const API = "apps/battery-hub/api/battery_hub/app.py";
const BROKEN = '\nraise RuntimeError("broken by a test")\n';

test(
  "a release that does not start gives way to the old one again and says why",
  { timeout: 600_000 },
  async () => {
    const old = await health();
    project.edit(API, (text) => text + BROKEN);
    const { status, output } = await project.make("up");
    assert.notEqual(status, 0);
    assert.match(output, /release [0-9a-f]{12} failed; starting [0-9a-f]{12} again/);
    assert.match(output, /service api is /);
    assert.match(output, /broken by a test/);
    assert.deepEqual(await health(), old);
    assert.deepEqual(server.unhealthy(), []);

    project.edit(API, (text) => text.replace(BROKEN, ""));
    const repaired = await project.make("up");
    assert.equal(repaired.status, 0, repaired.output);
    assert.deepEqual(await health(), old);
  },
);

test(
  "after a restart of the server all is healthy within 60 s, without help",
  { timeout: 300_000 },
  async () => {
    execFileSync("docker", ["restart", server.machine], { stdio: "ignore" });
    await eventually("all containers healthy and /health answering", 60, async () => {
      return server.unhealthy().length === 0 && (await health()).status === "ok";
    });
  },
);

test("a renewal after the restart is served at once", { timeout: 300_000 }, async () => {
  const before = serial();
  server.run(
    "certbot",
    "renew",
    "--quiet",
    "--force-renewal",
    "--no-random-sleep-on-renew",
    "--cert-name",
    "battery-hub",
  );
  assert.notEqual(serial(), before);
  const { certificate } = await fetchLocally(urls.main ?? "", root);
  assert.equal(certificate.serialNumber, serial());
});

test(
  "renewals go on after the authority forgot account and root",
  { timeout: 300_000 },
  async () => {
    const before = serial();
    execFileSync("docker", ["restart", `${server.machine}-acme`], { stdio: "ignore" });
    await eventually(
      "the authority answers again",
      30,
      () => server.run("curl", "-sf", "https://acme:14000/dir") !== "",
    );
    server.run("systemctl", "start", "certbot.service");
    assert.notEqual(serial(), before);
    const renewed = server.run("cat", "/srv/berth/tls/battery-hub/ca.pem");
    assert.equal((await fetchLocally(urls.main ?? "", renewed)).certificate.serialNumber, serial());
  },
);

test("a stopped server is started again by make up", { timeout: 300_000 }, async () => {
  execFileSync("docker", ["stop", server.machine], { stdio: "ignore" });
  const { status, output } = await project.make("up");
  assert.equal(status, 0, output);
  root = server.run("cat", "/srv/berth/tls/battery-hub/ca.pem");
  await eventually("/health answering", 60, async () => (await health()).status === "ok");
});

test("make down leaves no container, volume, network or file", { timeout: 300_000 }, async () => {
  const { status, output } = await project.make("down");
  assert.equal(status, 0, output);
  assert.deepEqual(dockerLeftovers(STACK), []);
  const cache = process.env.BERTH_CACHE ?? "";
  assert.equal(existsSync(join(cache, "machines", server.machine)), false);
  assert.equal(existsSync(join(cache, "certificates", `${STACK}.pem`)), false);
  const again = await project.make("down");
  assert.equal(again.status, 0, again.output);
});
