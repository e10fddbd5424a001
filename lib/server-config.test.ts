import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { readServerSettings } from "./server-config";

const folder = mkdtempSync(join(tmpdir(), "berth-server-config-"));
const KEY = "ssh-ed25519 AAAAC3Nz operator@example.org";

const DROPLET: Readonly<Record<string, unknown>> = {
  region: "fra1",
  size: "s-2vcpu-4gb",
  image: "debian-13-x64",
  volumeSizeGb: 20,
  zone: "",
  sshCidrs: ["198.51.100.7/32", "2001:db8::/48"],
  operatorKeys: [KEY],
  serverGeneration: 1,
  protectData: true,
  skipPreflight: [],
  databaseSize: "",
  databaseStorageGb: 20,
  databaseBackupDays: 7,
  databaseAuthority: "",
  trustedCertificates: "",
  existingServer: {},
  existingServerKey: "",
};
const EC2 = {
  ...DROPLET,
  region: "eu-central-1",
  size: "t3.medium",
  image: "ami-0123456789abcdef0",
  databaseSize: "db.t4g.small",
  databaseAuthority: "rds.pem",
};
const EXISTING = {
  ...DROPLET,
  sshCidrs: [],
  operatorKeys: [],
  existingServer: { address: "192.0.2.20", hostKey: "ssh-ed25519 AAAAC3Nz", adoptFrom: "/opt/old" },
  existingServerKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n",
};

before(() => writeFileSync(join(folder, "rds.pem"), "-----BEGIN CERTIFICATE-----\nMIIB\n"));
after(() => rmSync(folder, { recursive: true }));

function read(target: string, values: Readonly<Record<string, unknown>>) {
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        `berth:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  return readServerSettings(new pulumi.Config("berth"), folder, target);
}

test("sound settings have no findings and keep their values", () => {
  assert.deepEqual(read("droplet", DROPLET).findings, []);
  assert.deepEqual(read("local", { ...DROPLET, region: "", size: "", sshCidrs: [] }).findings, []);
  const { settings, findings } = read("ec2", EC2);
  assert.deepEqual(findings, []);
  assert.match(settings.managedDatabase.authority, /BEGIN CERTIFICATE/);
  assert.equal(settings.cloud.image, "ami-0123456789abcdef0");
  const existing = read("existing", EXISTING);
  assert.deepEqual(existing.findings, []);
  assert.equal(existing.settings.existing.user, "root");
  assert.equal(existing.settings.existing.port, 22);
  assert.equal(existing.settings.existing.adoptFrom, "/opt/old");
});

const wrong: [target: string, base: Record<string, unknown>, change: object, finding: RegExp][] = [
  ["droplet", DROPLET, { region: "" }, /^region: must be set for target droplet, e\.g\. fra1/],
  ["droplet", DROPLET, { size: "" }, /^size: must be set/],
  ["droplet", DROPLET, { image: "" }, /^image: must be set/],
  [
    "droplet",
    DROPLET,
    { volumeSizeGb: 9 },
    /^volumeSizeGb: 9 is not allowed; whole numbers from 10/,
  ],
  ["droplet", DROPLET, { serverGeneration: 0 }, /^serverGeneration: 0 is not allowed/],
  ["droplet", DROPLET, { sshCidrs: [] }, /^sshCidrs: is empty/],
  ["droplet", DROPLET, { sshCidrs: ["0.0.0.0/0"] }, /^sshCidrs\[0\]: .* opens SSH to everyone/],
  ["droplet", DROPLET, { sshCidrs: ["::/0"] }, /^sshCidrs\[0\]: .* opens SSH to everyone/],
  ["droplet", DROPLET, { sshCidrs: ["10.0.0.1"] }, /^sshCidrs\[0\]: "10\.0\.0\.1" is no network/],
  ["droplet", DROPLET, { sshCidrs: ["10.0.0.0/33"] }, /^sshCidrs\[0\]: .* is no network/],
  ["droplet", DROPLET, { operatorKeys: [] }, /^operatorKeys: is empty/],
  [
    "droplet",
    DROPLET,
    { operatorKeys: ["-----BEGIN"] },
    /^operatorKeys\[0\]: is no public SSH key/,
  ],
  [
    "droplet",
    DROPLET,
    { trustedCertificates: "no.pem" },
    /^trustedCertificates: no\.pem can't be read/,
  ],
  ["ec2", EC2, { image: "debian-13" }, /^image: "debian-13" is no AMI id/],
  ["ec2", EC2, { zone: "example.org" }, /^zone: "example\.org" is no id of a Route 53 zone/],
  ["ec2", EC2, { databaseSize: "small" }, /^databaseSize: "small" is no RDS class/],
  ["ec2", EC2, { databaseStorageGb: 5 }, /^databaseStorageGb: 5 is not allowed/],
  ["ec2", EC2, { databaseBackupDays: 1 }, /^databaseBackupDays: 1 is not allowed/],
  ["ec2", EC2, { databaseAuthority: "" }, /^databaseAuthority: must be set for target ec2/],
  ["existing", EXISTING, { existingServerKey: "" }, /^existingServerKey: must be set/],
  ["existing", EXISTING, { existingServer: {} }, /^existingServer\.address: must be set/],
  [
    "existing",
    EXISTING,
    { existingServer: { ...EXISTING.existingServer, hostKey: "ssh-rsa AAAA" } },
    /^existingServer\.hostKey: must be the server's ed25519 key/,
  ],
  [
    "existing",
    EXISTING,
    { existingServer: { ...EXISTING.existingServer, adress: "x" } },
    /^existingServer\.adress: unknown key; allowed are address, port/,
  ],
];

for (const [target, base, change, finding] of wrong) {
  test(`${target} with ${JSON.stringify(change)} is refused`, () => {
    const { findings } = read(target, { ...base, ...change });
    assert.ok(
      findings.some((text) => finding.test(text)),
      findings.join("\n"),
    );
  });
}

test("a private key never shows in a finding", () => {
  const secret = "geheim-geheim";
  const { findings } = read("existing", { ...EXISTING, existingServerKey: secret });
  assert.ok(findings.length > 0 && !findings.join("\n").includes(secret));
});
