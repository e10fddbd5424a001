import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
  findResource,
  recordResources,
  type RecordedResource,
} from "../test/support/recording-mocks";
import { PROVIDER_OUTPUTS, someServer } from "../test/support/settings";
import { stepValues } from "../test/support/step-values";
import { bootstrapStep, farewellStep, remoteStep } from "./remote-step";

const projectRoot = join(__dirname, "..");
let records: RecordedResource[];
before(async () => {
  records = await recordResources(PROVIDER_OUTPUTS);
  const server = someServer();
  const parent = new pulumi.ComponentResource("berth:index:Test", "parent");
  const options = { server, parent, timeoutSeconds: 60 };
  const first = bootstrapStep("first", {
    connection: server.connection,
    machine: server.machine,
    parent,
    timeoutSeconds: 60,
    scriptFile: join(projectRoot, "host/install.sh"),
    inputs: { NAME: "x" },
    archive: Promise.resolve("UEFZTE9BRA=="),
    dependsOn: [],
  });
  bootstrapStep("root", {
    connection: { ...server.connection, user: "root" },
    parent,
    timeoutSeconds: 60,
    scriptFile: join(projectRoot, "host/ready.sh"),
    once: true,
    dependsOn: [],
  });
  farewellStep("farewell", {
    ...options,
    script: "release-volume.sh",
    trigger: "attachment",
    dependsOn: [first],
  });
  remoteStep("second", {
    ...options,
    projectRoot,
    script: "certificate.sh",
    uses: ["certificate"],
    inputs: { PASSWORD: pulumi.secret("geheim"), NAME: "x" },
    dependsOn: [first],
  });
  remoteStep("third", { ...options, projectRoot, script: "logs.sh", inputs: {}, dependsOn: [] });
});

test("a step runs a host script as root within its time, values on stdin", async () => {
  const { inputs } = await findResource(records, "second");
  assert.equal(inputs.create, "sudo timeout 60 /opt/berth/host/certificate.sh");
  assert.deepEqual(stepValues(inputs.stdin), { PASSWORD: "geheim", NAME: "x" });
  assert.equal(inputs.environment, undefined);
});

test("values that hold a secret are a secret input, and so is the connection", async () => {
  const { secretInputs, inputs } = await findResource(records, "second");
  assert.deepEqual([...secretInputs].sort(), ["connection", "stdin"]);
  const plain = JSON.stringify({ ...inputs, stdin: undefined, connection: undefined });
  assert.ok(!plain.includes("geheim"));
});

test("the connection pins the host key and waits for a server that boots", async () => {
  const { inputs } = await findResource(records, "second");
  assert.deepEqual(inputs.connection, {
    host: "192.0.2.10",
    port: 22,
    user: "berth",
    privateKey: "private-key-geheim",
    hostKey: "ssh-ed25519 AAAAhost",
    dialErrorLimit: 60,
    perDialTimeout: 15,
  });
});

test("a step goes with its server, after what it depends on, and keeps its output secret", async () => {
  const step = await findResource(records, "second");
  assert.equal(step.deletedWith, "machine");
  assert.equal(step.parent, "parent");
  assert.deepEqual(step.dependsOn, ["first", "machine"]);
  for (const output of ["stdout", "stderr"])
    assert.ok(step.additionalSecretOutputs.includes(output));
  assert.equal(step.inputs.logging, "stderr");
  assert.equal(step.inputs.addPreviousOutputInEnv, false);
});

test("steps of different scripts have different triggers", async () => {
  const second = await findResource(records, "second");
  const third = await findResource(records, "third");
  assert.match(String((second.inputs.triggers as string[])[0]), /^[0-9a-f]{16}$/);
  assert.notDeepEqual(second.inputs.triggers, third.inputs.triggers);
});

test("a bootstrap step sends its script, then values, then the archive", async () => {
  const { inputs } = await findResource(records, "first");
  assert.equal(inputs.create, "sudo timeout 60 bash -s");
  const script = readFileSync(join(projectRoot, "host/install.sh"), "utf8");
  assert.equal(inputs.stdin, `${script}NAME=eA==\nARCHIVE=UEFZTE9BRA==\n`);
});

test("a login as root needs no sudo, and a step that runs once ignores what differs later", async () => {
  const { inputs, ignoreChanges } = await findResource(records, "root");
  assert.equal(inputs.create, "timeout 60 bash -s");
  assert.deepEqual(ignoreChanges, ["connection", "create", "stdin"]);
});

test("a farewell runs nothing while it is made, and its script before its trigger goes", async () => {
  const { inputs, deleteBeforeReplace } = await findResource(records, "farewell");
  assert.equal(inputs.create, undefined);
  assert.equal(inputs.delete, "sudo timeout 60 /opt/berth/host/release-volume.sh");
  assert.deepEqual(inputs.triggers, ["attachment"]);
  assert.equal(deleteBeforeReplace, true);
});
