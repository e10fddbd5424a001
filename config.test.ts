import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { loadSettings } from "./config";
import { digest } from "./test/support/application";

const folder = mkdtempSync(join(tmpdir(), "berth-config-"));
const releaseName = `unit-${process.pid}`;
const releaseFile = join(__dirname, "releases", `${releaseName}.json`);

const COMPOSE = `name: shop
services:
  web: { image: shop/web, build: . }
x-berth:
  routes: { main: { service: web, port: 8000 } }
  secrets: { webPassword: { env: DB_PASSWORD } }
`;

function configure(changes: Record<string, string> = {}): void {
  pulumi.runtime.setAllConfig({
    "berth:target": "local",
    "berth:app": relative(__dirname, folder),
    "berth:release": releaseName,
    "berth:domains": '{"main":"shop.example.org"}',
    "berth:email": "admin@example.org",
    "berth:publicPort": "443",
    "berth:acmeServer": "https://acme.example/dir",
    "berth:acmeRootUrl": "",
    "berth:secretVersions": "{}",
    "berth:trustedCertificates": "",
    "berth:region": "",
    "berth:size": "",
    "berth:image": "",
    "berth:volumeSizeGb": "20",
    "berth:zone": "",
    "berth:sshCidrs": "[]",
    "berth:operatorKeys": "[]",
    "berth:serverGeneration": "1",
    "berth:protectData": "false",
    "berth:skipPreflight": "[]",
    "berth:imageCompression": "zstd",
    "berth:databaseSize": "",
    "berth:databaseStorageGb": "20",
    "berth:databaseBackupDays": "7",
    "berth:databaseAuthority": "",
    "berth:existingServer": "{}",
    "berth:existingServerKey": "",
    "berth:localHttpPort": "80",
    "berth:localSshPort": "2222",
    ...changes,
  });
}

function writeRelease(release: object): void {
  mkdirSync(join(__dirname, "releases"), { recursive: true });
  writeFileSync(releaseFile, JSON.stringify(release));
}

const RELEASE = {
  id: "0123456789ab",
  app: "shop",
  platform: "linux/amd64",
  images: { web: { repository: "shop/web", digest: digest("a") } },
};

before(async () => {
  await pulumi.runtime.setMocks(
    { call: () => ({}), newResource: () => ({ id: "", state: {} }) },
    "berth",
    "unit",
  );
  writeFileSync(join(folder, "compose.yaml"), COMPOSE);
  writeRelease(RELEASE);
});

after(() => {
  rmSync(folder, { recursive: true });
  rmSync(releaseFile);
});

test("sound configuration becomes typed settings, with the defaults of x-berth", () => {
  configure();
  const settings = loadSettings();
  assert.equal(settings.stack, "unit");
  assert.deepEqual(settings.urls, { main: "https://shop.example.org" });
  assert.deepEqual(settings.application.berth.routes.main, {
    service: "web",
    port: 8000,
    health: "/",
    path: "/",
    websocket: false,
    bodyLimit: "1m",
    timeoutSeconds: 60,
  });
  assert.deepEqual(settings.application.berth.secrets, {
    webPassword: { env: "DB_PASSWORD", length: 40 },
  });
  assert.deepEqual(settings.local, { httpPort: 80, sshPort: 2222 });
});

test("another public port is in the URLs", () => {
  configure({ "berth:publicPort": "8443" });
  assert.deepEqual(loadSettings().urls, { main: "https://shop.example.org:8443" });
});

test("all findings come in one error", () => {
  configure({
    "berth:target": "cloud",
    "berth:email": "admin",
    "berth:domains": '{"shop":"Shop.example.org"}',
    "berth:publicport": "8443",
    "berth:publicPort": "70000",
    "berth:release": "none",
  });
  assert.throws(loadSettings, (error: Error) => {
    assert.match(error.message, /^the configuration of stack unit can't be used:\n/);
    const lines = error.message
      .split("\n")
      .slice(1)
      .map((line) => line.replace(/;.*/, ""));
    assert.deepEqual(lines, [
      "  - publicport: unknown key",
      '  - target: "cloud" is not known',
      "  - release: releases/none.json can't be read",
      '  - domains.shop: "Shop.example.org" has upper case letters',
      "  - domains.main: is missing",
      "  - domains.shop: the application has no such route",
      '  - email: "admin" is no address',
      "  - publicPort: 70000 is no port",
    ]);
    return true;
  });
});

test("a release of another application, or without an image, is refused", () => {
  configure();
  writeRelease({ ...RELEASE, app: "other" });
  assert.throws(loadSettings, /release: it is of app "other", the stack runs "shop"/);
  writeRelease({ ...RELEASE, images: {} });
  assert.throws(
    loadSettings,
    /release: it has no image for service "web"; build it again with `make release`/,
  );
  writeRelease(RELEASE);
});

test("what Compose refuses is shown in its own words", () => {
  configure();
  writeFileSync(join(folder, "compose.yaml"), "services: [");
  assert.throws(loadSettings, /app: Compose refuses .*compose\.yaml: /);
  writeFileSync(join(folder, "compose.yaml"), COMPOSE);
});

test("x-berth with unknown keys and wrong values is refused by path", () => {
  configure();
  writeFileSync(
    join(folder, "compose.yaml"),
    COMPOSE.replace("port: 8000", "port: 0, helth: /").replace(
      "env: DB_PASSWORD",
      "env: DB_PASSWORD, length: 3",
    ),
  );
  assert.throws(loadSettings, (error: Error) => {
    for (const finding of [
      'x-berth/routes/main: unknown key "helth"; the keys are listed in README.md',
      "x-berth/routes/main/port: must be >= 1",
      "x-berth/secrets/webPassword/length: must be >= 40",
    ]) {
      assert.ok(error.message.includes(finding), `${finding} in ${error.message}`);
    }
    return true;
  });
  writeFileSync(join(folder, "compose.yaml"), COMPOSE);
});
