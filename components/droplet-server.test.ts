import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import {
  findResource,
  recordResources,
  valueOf,
  type RecordedResource,
} from "../test/support/recording-mocks";
import { CLOUD_OUTPUTS, shopSettings } from "../test/support/settings";
import { DropletServer } from "./droplet-server";

let records: RecordedResource[];
let server: DropletServer;

before(async () => {
  records = await recordResources(CLOUD_OUTPUTS);
  const settings = shopSettings({ target: "droplet" });
  server = new DropletServer("server", { settings, after: [] });
  const released = new command.local.Command("released", { create: "true" });
  server.publish([released]);
});

test("the droplet ignores what would replace it, and can be resized back", async () => {
  const { inputs, ignoreChanges, protect } = await findResource(records, "server-droplet-1");
  assert.deepEqual(ignoreChanges, ["userData", "sshKeys", "image"]);
  assert.equal(inputs.resizeDisk, false);
  assert.equal(inputs.volumeIds, undefined);
  assert.equal(protect, false);
  assert.equal(inputs.name, "shop-unit-1");
  assert.deepEqual(inputs.tags, ["berth-unit", "berth-shop-unit"]);
});

test("user data is secret and plants a throw-away host key, named so that cloud-init keeps it", async () => {
  const { inputs, secretInputs } = await findResource(records, "server-droplet-1");
  assert.ok(secretInputs.includes("userData"));
  const data = parse(String(inputs.userData)) as {
    write_files: { path: string; content: string; permissions?: string }[];
  };
  const key = data.write_files.find(({ path }) => path === "/etc/ssh/berth_first_contact");
  assert.equal(key?.permissions, "0600");
  assert.equal(key.content, "private-key-geheim");
  const conf = data.write_files.find(({ path }) => path.includes("05-berth-first-contact"));
  assert.match(conf?.content ?? "", /HostKey \/etc\/ssh\/ssh_host_ed25519_key\n/);
});

test("the first login pins the planted key, the others the server's own", async () => {
  const { inputs } = await findResource(records, "server-ready-1-wait");
  const connection = inputs.connection as Record<string, unknown>;
  assert.equal(connection.host, "192.0.2.30");
  assert.equal(connection.hostKey, "ssh-ed25519 AAAApublic");
  assert.equal(
    await valueOf(pulumi.output(server.connection.hostKey)),
    "stdout of server-ready-1-wait",
  );
});

test("the volume is protected, and leaves the old droplet only when the new one is ready", async () => {
  assert.equal((await findResource(records, "server-volume")).protect, true);
  const attachment = await findResource(records, "server-volume-attachment");
  assert.equal(attachment.deleteBeforeReplace, true);
  assert.ok(attachment.dependsOn.includes("server-ready-1-wait"));
  assert.equal(await valueOf(server.dataDevice), "/dev/disk/by-id/scsi-0DO_Volume_shop-unit");
});

test("the firewall goes by tag and opens SSH to declared networks alone", async () => {
  const { inputs } = await findResource(records, "server-network-firewall");
  assert.equal(inputs.dropletIds, undefined);
  assert.deepEqual(inputs.tags, ["berth-shop-unit"]);
  const rules = inputs.inboundRules as { portRange?: string; sourceAddresses: string[] }[];
  assert.deepEqual(
    rules.map(({ portRange = "icmp", sourceAddresses }) => [portRange, ...sourceAddresses]),
    [
      ["icmp", "0.0.0.0/0", "::/0"],
      ["22", "198.51.100.7/32"],
      ["80", "0.0.0.0/0", "::/0"],
      ["443", "0.0.0.0/0", "::/0"],
    ],
  );
});

test("the reserved address is protected, and assigned after the attachment and the release", async () => {
  assert.equal((await findResource(records, "server-address-reserved")).protect, true);
  const assignment = await findResource(records, "server-address-assignment");
  for (const before of ["released", "server-volume-attachment"])
    assert.ok(assignment.dependsOn.includes(before), before);
  const project = await findResource(records, "server-address-project");
  assert.deepEqual(project.inputs.resources, ["do:droplet:4711", "do:volume:v"]);
});

test("records lead to the reserved address only, within their zone", async () => {
  const { inputs } = await findResource(records, "server-address-record-main");
  assert.deepEqual(inputs, {
    domain: "example.org",
    type: "A",
    name: "shop",
    value: "192.0.2.40",
    ttl: 300,
  });
  assert.ok(!records.some(({ inputs: { type } }) => type === "AAAA"));
});
