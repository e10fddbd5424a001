import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { readApplication, type ReadApplication } from "./application";
import { ConfigValues, readDeclaredKeys } from "./config-values";
import { findingLine } from "./finding";
import { checkStack, checkWithApplication } from "./stack-checks";

const projectRoot = resolve(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "berth-stack-checks-"));
const inProject = relative(projectRoot, folder);
const inReleases = relative(join(projectRoot, "releases"), folder);
const KEY = "ssh-ed25519 AAAAC3Nz operator@example.org";

const SOUND: Readonly<Record<string, unknown>> = {
  target: "local",
  app: inProject,
  release: `${inReleases}/release`,
  domains: { main: "shop.example.org" },
  email: "admin@example.org",
  acmeServer: "https://acme.example/dir",
};
const DROPLET = {
  target: "droplet",
  region: "fra1",
  size: "s-2vcpu-4gb",
  image: "debian-13-x64",
  sshCidrs: ["198.51.100.7/32"],
  operatorKeys: [KEY],
};
const EC2 = {
  ...DROPLET,
  target: "ec2",
  region: "eu-central-1",
  size: "t3.medium",
  image: "ami-0123456789abcdef0",
  databaseSize: "db.t4g.small",
  databaseAuthority: `${inProject}/authority.pem`,
};
const EXISTING = {
  target: "existing",
  existingServer: { address: "192.0.2.20", hostKey: "ssh-ed25519 AAAAC3Nz" },
  existingServerKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n",
};

let shop: ReadApplication = { names: {}, findings: [] };

before(() => {
  writeFileSync(
    join(folder, "compose.yaml"),
    "name: shop\nservices: { web: { image: shop/web } }\nx-berth:\n  routes: { main: { service: web, port: 80 } }\n  secrets: { webPassword: { env: PASSWORD } }\n",
  );
  writeFileSync(join(folder, "authority.pem"), "-----BEGIN CERTIFICATE-----\nMIIB\n");
  const images = { web: { repository: "shop/web", digest: `sha256:${"a".repeat(64)}` } };
  const release = { id: "0123456789ab", app: "shop", platform: "linux/amd64", images };
  writeFileSync(join(folder, "release.json"), JSON.stringify(release));
  const other = { ...release, app: "other" };
  writeFileSync(join(folder, "other.json"), JSON.stringify(other));
  writeFileSync(join(folder, "bare.json"), JSON.stringify({ ...release, images: {} }));
  mkdirSync(join(folder, "bad"));
  writeFileSync(join(folder, "broken.json"), "{");
  writeFileSync(join(folder, "empty.json"), "null");
  shop = readApplication(folder);
});
after(() => rmSync(folder, { recursive: true }));

const TARGETS = { droplet: DROPLET, ec2: EC2, existing: EXISTING };

interface Case {
  readonly target?: "droplet" | "ec2" | "existing";
  readonly given: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}
const cases = parse(readFileSync(join(__dirname, "stack-checks.cases.yaml"), "utf8")) as Record<
  string,
  Case[]
>;

function lines(changes: Readonly<Record<string, unknown>>): string[] {
  const given = { ...SOUND, ...changes };
  if (typeof given.release === "string")
    given.release = given.release.replace("<folder>", inReleases);
  const values = new ConfigValues(readDeclaredKeys(projectRoot), given);
  const checked = { values, projectRoot, environment: {} };
  const { config, compose } =
    given.app === SOUND.app ? checkWithApplication(checked, shop) : checkStack(checked);
  return [...config, ...compose].map((finding) =>
    findingLine(finding).replaceAll(inReleases, "<folder>").replaceAll(inProject, "<folder>"),
  );
}

test("sound configurations of every target have no findings", () => {
  for (const changes of [{}, ...Object.values(TARGETS)]) assert.deepEqual(lines(changes), []);
  assert.deepEqual(lines({ publicPort: "443", protectData: "false", email: "a@example.org" }), []);
});

for (const [key, ofKey] of Object.entries(cases)) {
  test(`${key}: every bad value has its lines`, () => {
    for (const { target, given, lines: expected } of ofKey) {
      assert.deepEqual(lines({ ...(target && TARGETS[target]), ...given }), expected);
    }
  });
}

test("every key of Pulumi.yaml has bad values, one of a wrong type at least", () => {
  assert.deepEqual(Object.keys(cases), Object.keys(readDeclaredKeys(projectRoot).keys));
  for (const [key, ofKey] of Object.entries(cases)) {
    const all = ofKey.flatMap((one) => one.lines);
    const ofType = /\bis (a (text|whole number|number|boolean|list|map)|empty); (allowed|write)/;
    assert.ok(
      all.some((line) => ofType.test(line)),
      key,
    );
  }
});

test("keys that are not declared are named with the nearest, without their value", () => {
  const [near, unheard] = lines({ publicport: "geheim", unheard: "geheim" });
  assert.equal(near, "publicport: is no key of berth; did you mean publicPort?");
  assert.match(String(unheard), /^unheard: is no key of berth; allowed are target, app, release, /);
});

test("configuration and application are found wrong together", () => {
  writeFileSync(join(folder, "bad", "compose.yaml"), "services: [");
  const [email, compose, ...rest] = lines({ email: "admin", app: `${inProject}/bad` });
  assert.match(String(email), /^email: "admin" is no address/);
  assert.match(String(compose), /^line 1, column [0-9]+: is no YAML: /);
  assert.deepEqual(rest, []);
});
