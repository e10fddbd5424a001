import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import {
  findResource,
  recordResources,
  valueOf,
  type RecordedResource,
} from "../test/support/recording-mocks";
import { CLOUD_OUTPUTS, shopSecrets, shopSettings } from "../test/support/settings";
import { makeDatabase } from "./database";
import { Ec2Server } from "./ec2-server";

let records: RecordedResource[];
let server: Ec2Server;
let database: ReturnType<typeof makeDatabase>;

before(async () => {
  records = await recordResources(CLOUD_OUTPUTS);
  const settings = shopSettings({ target: "ec2" });
  server = new Ec2Server("server", { settings, after: [] });
  database = makeDatabase("database", { settings, server, secrets: shopSecrets(), after: [] });
  server.publish([new command.local.Command("released", { create: "true" })]);
});

test("the instance demands IMDSv2 at one hop and encrypts its disk", async () => {
  const { inputs, ignoreChanges } = await findResource(records, "server-instance-1");
  assert.deepEqual(inputs.metadataOptions, {
    httpEndpoint: "enabled",
    httpTokens: "required",
    httpPutResponseHopLimit: 1,
  });
  assert.equal((inputs.rootBlockDevice as { encrypted: boolean }).encrypted, true);
  for (const input of ["userData", "ami", "keyName"]) assert.ok(ignoreChanges.includes(input));
});

test("only the first login uses the address that the instance is started with", async () => {
  const { inputs } = await findResource(records, "server-ready-1-wait");
  assert.equal((inputs.connection as { host: string }).host, "192.0.2.31");
  assert.equal(await valueOf(pulumi.output(server.connection.host)), "192.0.2.41");
  const association = await findResource(records, "server-address-association");
  assert.ok(association.dependsOn.includes("server-volume-attachment"));
});

test("volume and address are protected, the attachment waits for the new instance", async () => {
  for (const name of ["server-volume", "server-address"])
    assert.equal((await findResource(records, name)).protect, true, name);
  const attachment = await findResource(records, "server-volume-attachment");
  assert.equal(attachment.deleteBeforeReplace, true);
  assert.ok(attachment.dependsOn.includes("server-ready-1-wait"));
});

test("the database is reached from the server alone", async () => {
  const { inputs } = await findResource(records, "server-network-database");
  assert.equal(inputs.referencedSecurityGroupId, "server-network-server-group-id");
  assert.equal(inputs.cidrIpv4, undefined);
  const rules = records.filter(({ type }) => type.endsWith(":SecurityGroupIngressRule"));
  const ssh = rules.filter(({ inputs: { fromPort } }) => fromPort === 22);
  assert.deepEqual(
    ssh.map(({ inputs: { cidrIpv4 } }) => cidrIpv4),
    ["198.51.100.7/32"],
  );
});

test("the database is private, encrypted, backed up, protected, and keeps a last snapshot", async () => {
  const { inputs, protect, secretInputs } = await findResource(records, "database-instance");
  assert.equal(protect, true);
  assert.ok(secretInputs.includes("password"));
  for (const [name, value] of Object.entries({
    publiclyAccessible: false,
    storageEncrypted: true,
    backupRetentionPeriod: 7,
    deleteAutomatedBackups: false,
    deletionProtection: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "shop-unit-final-0123abcd",
    applyImmediately: true,
  }))
    assert.equal(inputs[name], value, name);
  const { inputs: parameters } = await findResource(records, "database-parameters");
  assert.deepEqual(parameters.parameters, [{ name: "rds.force_ssl", value: "1" }]);
});

test("the application reaches the database over verified TLS", async () => {
  assert.ok(database !== undefined);
  assert.equal(await valueOf(database.sslMode), "verify-full");
  assert.equal(await valueOf(database.certificateAuthority), "authority of the database");
  assert.equal(await valueOf(database.host), "shop-unit.rds.example");
});

test("records lead to the Elastic IP", async () => {
  const { inputs, dependsOn } = await findResource(records, "server-record-main");
  assert.deepEqual(inputs.records, ["192.0.2.41"]);
  assert.equal(inputs.name, "shop.example.org");
  assert.ok(dependsOn.includes("released"));
});
