import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Declared, Run } from "../contract/stack";
import { DATABASE, declare, NETWORK, SERVER } from "./aws-resources";
import { type Args, AwsStack } from "./aws-stack";

const BASE = [...NETWORK, ...SERVER, ...DATABASE];

type Kind = "update" | "replace" | "same";

// What a change of an argument does. Each row has a resource of its own, a copy of the named one; the first
// arguments are what that copy needs beside, as names have to be free.
const ROWS: readonly (readonly [like: string, own: Args, change: Args, kind: Kind])[] = [
  ["network", {}, { enableDnsHostnames: false }, "update"],
  ["network", {}, { cidrBlock: "10.99.0.0/16" }, "replace"],
  ["subnet-a", { cidrBlock: "10.42.10.0/24" }, { mapPublicIpOnLaunch: true }, "update"],
  ["subnet-a", { cidrBlock: "10.42.11.0/24" }, { availabilityZone: "eu-central-1c" }, "replace"],
  ["server", { name: "one" }, { description: "another" }, "replace"],
  ["ssh", { fromPort: 1, toPort: 1 }, { cidrIpv4: "198.51.100.8/32" }, "update"],
  ["ssh", { fromPort: 2, toPort: 2 }, { ipProtocol: "6" }, "same"],
  [
    "ssh",
    { fromPort: 3, toPort: 3 },
    { cidrIpv4: undefined, cidrIpv6: "2001:db8::/32" },
    "replace",
  ],
  ["key", { keyName: "one" }, { keyName: "two" }, "replace"],
  ["machine", {}, { instanceType: "t3.large" }, "update"],
  ["machine", {}, { instanceType: "t4g.medium" }, "replace"],
  ["machine", {}, { userData: "#cloud-config\nruncmd: []\n" }, "update"],
  ["machine", { userDataReplaceOnChange: true }, { userData: "#cloud-config\n[]\n" }, "replace"],
  [
    "machine",
    {},
    { userData: undefined, userDataBase64: Buffer.from("#cloud-config\n{}\n").toString("base64") },
    "same",
  ],
  ["machine", {}, { ami: "ami-0fedcba9876543210" }, "replace"],
  ["machine", {}, { subnetId: "$subnet-b.id" }, "replace"],
  ["machine", {}, { keyName: "other" }, "replace"],
  ["machine", {}, { rootBlockDevice: { encrypted: true, volumeSize: 30 } }, "update"],
  ["machine", {}, { rootBlockDevice: { encrypted: false, volumeSize: 20 } }, "replace"],
  ["machine", {}, { metadataOptions: { httpTokens: "optional" } }, "update"],
  ["volume", {}, { size: 30 }, "update"],
  ["volume", {}, { encrypted: false }, "replace"],
  ["address", {}, { tags: { Name: "berth" } }, "update"],
  ["record", { name: "one.battery-hub.example" }, { ttl: 60 }, "update"],
  ["record", { name: "two.battery-hub.example" }, { name: "Two.Battery-Hub.example." }, "same"],
  [
    "record",
    { name: "three.battery-hub.example" },
    { name: "four.battery-hub.example" },
    "replace",
  ],
  ["subnets", { name: "one" }, { description: "another" }, "update"],
  ["parameters", { name: "one" }, { family: "postgres16" }, "replace"],
  ["postgresql", { identifier: "one" }, { instanceClass: "db.t4g.medium" }, "update"],
  ["postgresql", { identifier: "two" }, { engineVersion: "17.6" }, "same"],
  ["postgresql", { identifier: "three" }, { password: "master-word-2" }, "update"],
  ["postgresql", { identifier: "four" }, { storageEncrypted: false }, "replace"],
  ["postgresql", { identifier: "five" }, { username: "other" }, "replace"],
  ["postgresql", { identifier: "six" }, { backupRetentionPeriod: 8 }, "update"],
];

const copy = (index: number, changes: Args): Declared => {
  const [like = "", own = {}] = ROWS[index] ?? [];
  const { type, args } = BASE.find(({ name }) => name === like)!;
  return declare(type, `row-${index}`, { ...args, ...own, ...changes });
};

let stack: AwsStack;
let planned: Run;

before(async () => {
  stack = await AwsStack.make();
  const made = await stack.up([...BASE, ...ROWS.map((_, index) => copy(index, {}))]);
  assert.ok(made.ok, made.printed);
  planned = await stack.preview([
    ...BASE,
    ...ROWS.map(([, , change], index) => copy(index, change)),
  ]);
});
after(() => stack.remove());

ROWS.forEach(([like, , change, kind], index) => {
  test(`${like}: ${JSON.stringify(change)} means ${kind}`, () => {
    const own = planned.steps
      .filter((step) => step.endsWith(` row-${index}`))
      .map((step) => step.split(" ")[0]);
    if (kind === "replace") assert.match(own.join(" "), /replace/, planned.printed);
    else assert.deepEqual(own, kind === "same" ? [] : ["update"], planned.printed);
  });
});

test("the rows leave what they were copied from alone", () => {
  assert.deepEqual(
    planned.steps.filter((step) => !/ row-\d+$/.test(step)),
    [],
  );
});
