import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, beforeEach, test } from "node:test";
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
    "berth:suppliedSecrets": "{}",
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

function writeCompose(change: (text: string) => string = (text) => text): void {
  writeFileSync(join(folder, "compose.yaml"), change(COMPOSE));
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
  writeRelease(RELEASE);
});
beforeEach(() => writeCompose());

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

function lines(): string[] {
  try {
    loadSettings();
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}

test("all findings come in one error, of the configuration and of the application", () => {
  configure({
    "berth:target": "cloud",
    "berth:email": "admin",
    "berth:domains": '{"shop":"Shop.example.org"}',
    "berth:publicport": "8443",
    "berth:publicPort": "70000",
    "berth:release": "none",
  });
  writeCompose((text) => text.replace("port: 8000", "port: 0, helth: /"));
  assert.deepEqual(lines(), [
    "stack unit can't be used: 10 findings, nothing was created or changed",
    "",
    "Pulumi.unit.yaml",
    "  publicport: is no key of berth",
    "      did you mean publicPort?",
    '  target: "cloud" is not known',
    "      allowed are local, droplet, ec2, existing",
    '  release: "none" names no file that can be read: releases/none.json',
    "      build it with `make release RELEASE=none`",
    '  domains.shop: "Shop.example.org" has upper case letters',
    "      write shop.example.org",
    "  domains.main: is missing",
    "      give the application's route main its domain",
    "  domains.shop: is no route of the application",
    "      allowed is main",
    '  email: "admin" is no address',
    "      allowed is a form such as admin@example.org",
    "  publicPort: 70000 is no port",
    "      allowed are whole numbers from 1 to 65535",
    "",
    `${relative(__dirname, folder)}/compose.yaml`,
    "  5  x-berth.routes.main.helth: is no key of x-berth",
    "         did you mean health? allowed are service, port, health, path, websocket, bodyLimit, timeoutSeconds",
    "  5  x-berth.routes.main.port: 0 is too small",
    "         allowed are whole numbers from 1 to 65535",
  ]);
});

test("x-berth of a wrong form and names that lead nowhere are found together", () => {
  configure();
  writeCompose((text) =>
    text
      .replace("service: web", "service: wep")
      .replace("env: DB_PASSWORD", "env: DB_PASSWORD, length: 3"),
  );
  const text = lines().join("\n");
  assert.match(
    text,
    /x-berth\.routes\.main\.service: "wep" is no service of the Compose file\n +did you mean web\?/,
  );
  assert.match(
    text,
    /x-berth\.secrets\.webPassword\.length: 3 is too short\n +allowed are whole numbers from 40 to 72/,
  );
});

test("a value that is kept as a secret is not shown", () => {
  configure({ "berth:email": "geheim" });
  process.env.PULUMI_CONFIG_SECRET_KEYS = '["berth:email"]';
  try {
    assert.deepEqual(lines().slice(3), [
      "  email: can't be used, and is a secret, so that it is not shown",
      "      set it without --secret to be told what is wrong",
    ]);
  } finally {
    delete process.env.PULUMI_CONFIG_SECRET_KEYS;
  }
});

test("a release of another application, or without an image, is refused", () => {
  configure();
  writeRelease({ ...RELEASE, app: "other" });
  assert.match(
    lines().join("\n"),
    /release: "0123456789ab" is of app "other", and the stack runs "shop"/,
  );
  writeRelease({ ...RELEASE, images: {} });
  assert.match(
    lines().join("\n"),
    /release: "0123456789ab" has no image for service "web"\n +build it again with `make release`/,
  );
  writeRelease(RELEASE);
});

test("what Compose refuses is shown in its own words, and what x-berth says is checked all the same", () => {
  configure();
  writeCompose((text) => text.replace("build: .", "ports: 5").replace("port: 8000", "port: 0"));
  assert.deepEqual(lines().slice(3), [
    "  3  compose.yaml: is refused by Compose: services.web.ports must be a array",
    "         put it right; `docker compose config` says the same",
    "  5  x-berth.routes.main.port: 0 is too small",
    "         allowed are whole numbers from 1 to 65535",
  ]);
});

test("a Compose file that does not parse: line, column and what to do", () => {
  configure();
  writeCompose(() => "name: shop\nservices:\n  web: { image: x\n  db:\n    image: y\n");
  assert.deepEqual(lines().slice(3), [
    "  4  line 4, column 3: is no YAML: Flow map in block collection must be sufficiently indented and end with a }",
    "         put that line right, or one above it",
  ]);
});
