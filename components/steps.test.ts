import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { digest } from "../test/support/application";
import {
  findResource,
  recordResources,
  type RecordedResource,
} from "../test/support/recording-mocks";
import {
  PROVIDER_OUTPUTS,
  shopSecrets,
  shopSettings,
  SHOP_SECRETS,
  someServer,
} from "../test/support/settings";
import { stepValues } from "../test/support/step-values";
import { Certificate, Checks, HostScripts, Images, makeDatabase, Migrate, Release } from ".";

const settings = shopSettings();
const { projectRoot, release } = settings;
let records: RecordedResource[];
let certificate: Certificate;

before(async () => {
  records = await recordResources({
    ...PROVIDER_OUTPUTS,
    "command:remote:Command": (_, name) => ({
      stdout: pulumi.secret(`{"root":"root of ${name}"}`),
      stderr: "",
    }),
  });
  const server = someServer();
  const secrets = shopSecrets();
  const host = new HostScripts("host", {
    projectRoot,
    server,
    trustedCertificates: "authority of a company",
    volumeSizeGb: 20,
  });
  const images = new Images("images", { server, release, after: [host.step] });
  const database = makeDatabase("database", { settings, server, secrets, after: [images.step] });
  const migrate = new Migrate("migrate", {
    settings,
    server,
    database,
    secrets,
    after: [images.step],
  });
  const running = new Release("release", {
    settings,
    server,
    migrated: migrate.run,
    after: [migrate.step],
  });
  certificate = new Certificate("certificate", { settings, server, after: [running.step] });
  new Checks("checks", { settings, server, after: [certificate.step] });
});

/** Values that a step sends. */
async function sent(name: string): Promise<Record<string, string>> {
  return stepValues((await findResource(records, name)).inputs.stdin);
}

test("the steps come one after the other, each from its component", async () => {
  const order = [
    "host-install",
    "images-push",
    "database-start",
    "migrate-run",
    "release-run",
    "certificate-issue",
    "checks-run",
  ];
  for (const [index, name] of order.entries()) {
    const step = await findResource(records, name);
    assert.equal(step.parent, name.split("-")[0]);
    assert.equal(step.deletedWith, "machine", name);
    const previous = order[index - 1];
    if (previous !== undefined)
      assert.ok(step.dependsOn.includes(previous), `${name} after ${previous}`);
  }
});

test("after the first contact come six remote steps and one tunnel: eight logins in all", async () => {
  await findResource(records, "checks-run");
  const remote = records.filter(({ type }) => type === "command:remote:Command").length;
  assert.equal(1 + remote + 1, 8);
});

test("no secret is in a command line, a trigger, an environment or a name", async () => {
  await findResource(records, "checks-run");
  for (const record of records) {
    const { stdin, connection, ...open } = record.inputs;
    const text = JSON.stringify([record.name, open]);
    for (const value of [...Object.values(SHOP_SECRETS), "private-key-geheim"]) {
      assert.ok(!text.includes(value), `${record.name} shows a secret`);
    }
    assert.equal(record.inputs.environment, undefined);
  }
});

test("what holds a secret on stdin is marked as one", async () => {
  for (const name of ["images-push", "database-start", "migrate-run"]) {
    assert.ok((await findResource(records, name)).secretInputs.includes("stdin"), name);
  }
});

test("host scripts travel as an archive behind the script that unpacks it", async () => {
  const { inputs } = await findResource(records, "host-install");
  const script = readFileSync(join(projectRoot, "host/install.sh"), "utf8");
  const text = String(inputs.stdin);
  assert.ok(text.startsWith(script));
  const { ARCHIVE: archive = "", ...values } = stepValues(text.slice(script.length));
  assert.deepEqual(values, {
    AUTHORIZED_KEYS: "ssh-ed25519 AAAAstack",
    DATA_DEVICE: "",
    TRUSTED_CERTIFICATES: "authority of a company",
  });
  for (const file of ["migrate.sh", "release.sh", "lib/inputs.sh"])
    assert.ok(archive.includes(file), file);
});

test("images are pushed by digest through the pinned login", async () => {
  assert.deepEqual(await sent("images-push"), {
    SSH_HOST: "192.0.2.10",
    SSH_PORT: "22",
    SSH_USER: "berth",
    PRIVATE_KEY: "private-key-geheim",
    HOST_KEY: "ssh-ed25519 AAAAhost",
    IMAGES: `shop/postgres ${digest("b")}\nshop/web ${digest("a")}`,
  });
});

test("the database gets its own variable and no other secret", async () => {
  const { DATA_COMPOSE: compose, ...values } = await sent("database-start");
  assert.deepEqual(values, {
    APP: "shop",
    ENV_FILE: 'POSTGRES_PASSWORD="admin-geheim"\n',
    SERVICE: "db",
    DATABASE: "shop",
    ADMIN_ROLE: "shop",
    ADMIN_PASSWORD: "admin-geheim",
  });
  const { services } = JSON.parse(compose ?? "") as { services: object };
  assert.deepEqual(Object.keys(services), ["db"]);
});

test("migrate brings files, images, roles and checks of the release", async () => {
  const { COMPOSE: compose, ENV_FILE: variables, ...values } = await sent("migrate-run");
  assert.deepEqual(values, {
    APP: "shop",
    RELEASE: "0123456789ab",
    SECRET_NAMES: "POSTGRES_PASSWORD\nDB_PASSWORD",
    IMAGES: `127.0.0.1:5000/shop/postgres@${digest("b")}\n127.0.0.1:5000/shop/web@${digest("a")}`,
    MIGRATE_SERVICE: "migrate",
    REVISIONS: "[]",
    SQL_CHECKS: "[]",
    POSTGRES_IMAGE: `127.0.0.1:5000/shop/postgres@${digest("b")}`,
    DB_HOST: "db",
    DB_PORT: "5432",
    DB_SSLMODE: "disable",
    DB_CA: "",
    DATABASE: "shop",
    ADMIN_ROLE: "shop",
    ADMIN_PASSWORD: "admin-geheim",
    ROLES: '{"web_user":{"rights":"owner","createdb":false,"password":"web-geheim"}}',
  });
  const { services } = JSON.parse(compose ?? "") as { services: object };
  assert.deepEqual(Object.keys(services), ["web", "worker", "migrate"]);
  assert.equal(
    variables,
    [
      'BERTH_RELEASE="0123456789ab"',
      'BERTH_EMAIL="admin@example.org"',
      'BERTH_ORIGINS="https://shop.example.org"',
      'BERTH_DOMAIN_MAIN="shop.example.org"',
      'BERTH_URL_MAIN="https://shop.example.org"',
      'DB_HOST="db"',
      'DB_PORT="5432"',
      'DB_SSLMODE="disable"',
      'DB_SSLROOTCERT=""',
      'POSTGRES_PASSWORD="admin-geheim"',
      'DB_PASSWORD="web-geheim"',
      "",
    ].join("\n"),
  );
});

test("release says what is healthy, what nginx serves and what is checked", async () => {
  const {
    SITE: site,
    UPSTREAMS: upstreams,
    MIGRATED: migrated,
    ...values
  } = await sent("release-run");
  assert.equal(migrated, '{"root":"root of migrate-run"}');
  assert.deepEqual(values, {
    APP: "shop",
    RELEASE: "0123456789ab",
    HEALTH: "web 20000 /health\n",
    CHECKS: '{"http":[],"run":[],"runAddress":"host.docker.internal:443"}',
  });
  assert.match(site ?? "", /server_name shop\.example\.org;/);
  assert.match(site ?? "", /Strict-Transport-Security/);
  assert.match(upstreams ?? "", /server 127\.0\.0\.1:20000;/);
});

test("certificate asks for each domain once and gives the root openly", async () => {
  assert.deepEqual(await sent("certificate-issue"), {
    APP: "shop",
    DOMAINS: "shop.example.org",
    EMAIL: "admin@example.org",
    ACME_SERVER: "https://acme.example/dir",
    ACME_ROOT_URL: "",
    PUBLIC_ADDRESS: "",
  });
  assert.equal(await pulumi.isSecret(certificate.root), false);
});
