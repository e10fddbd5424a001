import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { CHECKS } from "../preflight/checks";
import { CHECK_NAMES } from "../preflight/check-names";
import { ConfigValues, ENCRYPTED, readDeclaredKeys } from "./config-values";
import { findingLine } from "./finding";
import { readServerSettings } from "./server-config";

const folder = mkdtempSync(join(tmpdir(), "berth-server-config-"));

before(() => writeFileSync(join(folder, "rds.pem"), "-----BEGIN CERTIFICATE-----\nMIIB\n"));
after(() => rmSync(folder, { recursive: true }));

function read(target: string, given: Readonly<Record<string, unknown>>) {
  const values = new ConfigValues(readDeclaredKeys(resolve(__dirname, "..")), given);
  const { settings, findings } = readServerSettings(values, folder, target);
  return { settings, lines: values.tellable(findings).map(findingLine) };
}

test("sound settings keep their values", () => {
  const { settings, lines } = read("ec2", {
    region: "eu-central-1",
    size: "t3.medium",
    image: "ami-0123456789abcdef0",
    sshCidrs: ["198.51.100.7/32", "2001:db8::/48"],
    operatorKeys: ["ssh-ed25519 AAAAC3Nz operator@example.org"],
    databaseSize: "db.t4g.small",
    databaseAuthority: "rds.pem",
  });
  assert.deepEqual(lines, []);
  assert.match(settings.managedDatabase.authority, /BEGIN CERTIFICATE/);
  assert.equal(settings.cloud.image, "ami-0123456789abcdef0");
  assert.deepEqual(settings.cloud.sshCidrs, ["198.51.100.7/32", "2001:db8::/48"]);
  assert.equal(settings.cloud.protectData, true);
});

test("an existing server has root and port 22 unless said otherwise", () => {
  const existingServer = { address: "server1", hostKey: "ssh-ed25519 AAAA", adoptFrom: "/opt/old" };
  const { settings, lines } = read("existing", { existingServer, existingServerKey: ENCRYPTED });
  assert.deepEqual(lines, []);
  assert.deepEqual(settings.existing, { ...existingServer, user: "root", port: 22 });
  const other = read("existing", {
    existingServer: { ...existingServer, user: "me", port: "2222" },
  });
  assert.equal(other.settings.existing.user, "me");
  assert.equal(other.settings.existing.port, 2222);
});

test("what only another target needs is not asked for", () => {
  assert.deepEqual(read("local", {}).lines, []);
  const lines = read("droplet", {}).lines.join("\n");
  assert.match(lines, /^region: must be set for target droplet/m);
  assert.ok(!lines.includes("databaseSize") && !lines.includes("existingServer"));
});

test("a private key never shows in a finding", () => {
  const secret = "geheim-geheim";
  const { lines } = read("existing", { existingServerKey: secret, operatorKeys: [secret] });
  assert.ok(lines.length > 0 && !lines.join("\n").includes(secret));
});

test("the names that skipPreflight may hold are those of the checks", () => {
  assert.deepEqual(CHECK_NAMES, [...CHECKS.map(({ name }) => name), "dns"]);
});
