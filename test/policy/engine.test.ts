import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { policies } from "../../policy/policies";
import type { ContractStack, Declared } from "../contract/stack";
import { cloudStack, findingsOf, PACK, type Finding } from "./cloud-stack";
import { privateKey } from "./inspect";

const TAGS = { "berth:stack": "contract", "berth:app": "shop" };
const WORDS = ["berth-contract", "berth-shop-contract"];

const volume = (name: string, args = {}, options = {}): Declared => ({
  type: "digitalocean:index/volume:Volume",
  name,
  args: { name, region: "fra1", size: 20, tags: WORDS, ...args },
  options: { protect: true, ...options },
});
const droplet = (name: string, args = {}): Declared => ({
  type: "digitalocean:index/droplet:Droplet",
  name,
  args: { name, region: "fra1", size: "s-1vcpu-1gb", image: "debian-13-x64", tags: WORDS, ...args },
});
const firewall = (name: string, network: string): Declared => ({
  type: "digitalocean:index/firewall:Firewall",
  name,
  args: { name, inboundRules: [{ protocol: "tcp", portRange: "22", sourceAddresses: [network] }] },
});
const instance = (name: string, args = {}): Declared => ({
  type: "aws:ec2/instance:Instance",
  name,
  args: {
    ami: "ami-1",
    instanceType: "t3.micro",
    metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    rootBlockDevice: { encrypted: true },
    tags: TAGS,
    ...args,
  },
});
const database = (name: string, args = {}): Declared => ({
  type: "aws:rds/instance:Instance",
  name,
  args: {
    instanceClass: "db.t4g.micro",
    parameterGroupName: "shop",
    storageEncrypted: true,
    backupRetentionPeriod: 7,
    deletionProtection: true,
    tags: TAGS,
    ...args,
  },
  options: { protect: true },
});
const ebs = (name: string, args = {}): Declared => ({
  type: "aws:ebs/volume:Volume",
  name,
  args: { availabilityZone: "eu-central-1a", size: 20, encrypted: true, tags: TAGS, ...args },
  options: { protect: true },
});
const password: Declared = { type: "RandomPassword", name: "password", args: { length: 20 } };

const GOOD = [
  password,
  volume("volume"),
  droplet("droplet", { userData: "#cloud-config\n" }),
  // Only the update knows the user data of the next one.
  { type: "RandomId", name: "number", args: { byteLength: 4 } },
  droplet("later", { userData: { $output: "number.hex" } }),
  firewall("firewall", "198.51.100.0/24"),
  instance("instance"),
  database("database"),
  ebs("ebs"),
];

/** For each rule a stack that breaks it: the resource, and what is said of it. */
const BREAKING: readonly [rule: string, declared: Declared, message: RegExp][] = [
  ["protected-data", volume("unprotected", {}, { protect: false }), /unprotected is not protected/],
  ["open-ssh", firewall("open", "0.0.0.0/0"), /open lets 0\.0\.0\.0\/0 reach port 22/],
  ["private-database", database("short", { backupRetentionPeriod: 1 }), /backups for 1 days/],
  [
    "database-tls",
    database("plain", { parameterGroupName: "default.postgres17" }),
    /parameter group/,
  ],
  [
    "instance-metadata",
    instance("v1", { metadataOptions: { httpPutResponseHopLimit: 1 } }),
    /token/,
  ],
  ["encrypted-disks", ebs("clear", { encrypted: false }), /clear is not encrypted/],
  ["user-data-keys", droplet("keyed", { userData: privateKey("ed25519") }), /private key/],
  [
    "user-data-passwords",
    droplet("told", { userData: { $output: "password.result" } }),
    /told gets the value of password/,
  ],
  ["user-data-size", instance("large", { userData: "x".repeat(12 * 1024 + 1) }), /12289 bytes/],
  ["required-tags", instance("nobodys", { tags: {} }), /nobodys lacks the tag berth:stack/],
];

// Has a test of its own, as it is about two updates.
const TOLD_THE_STATE = "lifted-protection";

let stack: ContractStack;
before(async () => {
  stack = await cloudStack();
});
after(() => stack.remove());

function mandatory(found: readonly Finding[]): Finding[] {
  return found.filter(({ rule }) => !rule.includes("("));
}

test("a stack that keeps to the rules passes", async () => {
  const run = await stack.preview(GOOD, ...PACK);
  assert.ok(run.ok, run.printed);
  assert.deepEqual(findingsOf(stack), []);
});

test("each rule refuses the stack that breaks it, in a preview", async (context) => {
  const run = await stack.preview([...GOOD, ...BREAKING.map(([, declared]) => declared)], ...PACK);
  assert.ok(!run.ok, "the preview fails");
  const found = mandatory(findingsOf(stack));
  for (const [rule, { name }, message] of BREAKING) {
    await context.test(rule, () => {
      const said = found.filter((finding) => finding.resource === name);
      assert.deepEqual(new Set(said.map((finding) => finding.rule)), new Set([rule]));
      assert.match(said.map((finding) => finding.message).join(), message);
    });
  }
  assert.deepEqual(
    found.filter(({ resource }) => !BREAKING.some(([, { name }]) => name === resource)),
    [],
  );
});

test("every rule of the pack has such a stack", () => {
  const broken = [...BREAKING.map(([rule]) => rule), TOLD_THE_STATE];
  assert.deepEqual(policies.map(({ name }) => name).sort(), broken.sort());
});

test("an update stops before it makes what breaks a rule", async () => {
  const run = await stack.up([firewall("open", "::/0")], ...PACK);
  assert.ok(!run.ok);
  assert.match(run.printed, /open lets ::\/0 reach port 22/);
  assert.equal(await stack.recorded("open"), undefined);
});

test("what only the update knows is checked by the update", async () => {
  // Unknown in the preview, as the password is.
  const hidden = droplet("hidden", { userData: { $output: "password.result" } });
  const run = await stack.up([password, hidden], ...PACK);
  assert.ok(!run.ok);
  assert.match(run.printed, /hidden gets the value of password/);
});
