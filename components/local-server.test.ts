import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { findResource, recordResources, valueOf } from "../test/support/recording-mocks";
import { PROVIDER_OUTPUTS } from "../test/support/settings";
import { stepValues } from "../test/support/step-values";
import { LocalServer } from "./local-server";

test("a local server is a login key, an authority, a machine and its host key", async () => {
  const records = await recordResources(PROVIDER_OUTPUTS);
  const server = new LocalServer("server", {
    projectRoot: join(__dirname, ".."),
    stack: "unit",
    operatorKeys: ["ssh-ed25519 AAAAoperator"],
    httpPort: 8080,
    httpsPort: 8443,
    sshPort: 2223,
  });

  const key = await findResource(records, "server-login-key");
  assert.deepEqual(key.inputs, { algorithm: "ED25519" });

  const authority = await findResource(records, "server-authority");
  assert.equal(authority.inputs.create, "machine/acme.sh");
  assert.equal(authority.inputs.delete, "machine/acme-remove.sh berth-unit");
  assert.deepEqual(stepValues(authority.inputs.stdin), { NAME: "berth-unit", STACK: "unit" });

  const machine = await findResource(records, "server-machine");
  const { USER_DATA: userData = "", ...values } = stepValues(machine.inputs.stdin);
  assert.deepEqual(values, {
    NAME: "berth-unit",
    STACK: "unit",
    HTTP_PORT: "8080",
    HTTPS_PORT: "8443",
    SSH_PORT: "2223",
  });
  const data = parse(userData) as { users: { ssh_authorized_keys: string[] }[]; ca_certs: unknown };
  assert.deepEqual(data.users[0]?.ssh_authorized_keys, ["ssh-ed25519 AAAApublic"]);
  assert.deepEqual(data.ca_certs, { trusted: ["stdout of server-authority"] });
  assert.deepEqual(machine.inputs.triggers, [8080, 8443, 2223]);
  assert.deepEqual(machine.ignoreChanges, ["stdin", "create"]);
  assert.equal(machine.deleteBeforeReplace, true);
  assert.ok(machine.dependsOn.includes("server-authority"));

  const hostKey = await findResource(records, "server-host-key");
  assert.equal(hostKey.inputs.create, "machine/host-key.sh berth-unit");
  assert.equal(hostKey.deletedWith, "server-machine");
  assert.ok(hostKey.dependsOn.includes("server-machine"));

  const ready = await findResource(records, "server-ready-wait");
  assert.equal(ready.deletedWith, "server-machine");
  assert.deepEqual(ready.ignoreChanges, ["connection", "create", "stdin"]);
  assert.deepEqual(await valueOf(server.authorizedKeys), [
    "ssh-ed25519 AAAApublic",
    "ssh-ed25519 AAAAoperator",
  ]);

  for (const record of records.slice(1, -1)) assert.equal(record.parent, "server", record.name);
  assert.ok(!userData.includes("geheim"), "no secret in user data");
  assert.equal(await pulumi.isSecret(pulumi.output(server.connection.privateKey)), true);
  assert.equal(
    await valueOf(pulumi.output(server.connection.hostKey)),
    "stdout of server-host-key",
  );
});
