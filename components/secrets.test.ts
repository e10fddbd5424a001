import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { findResource, recordResources, valueOf } from "../test/support/recording-mocks";
import { PROVIDER_OUTPUTS } from "../test/support/settings";
import { Secrets } from "./secrets";

test("each secret is a password of its own, with a version of its own, and secret", async () => {
  const records = await recordResources(PROVIDER_OUTPUTS);
  const { values } = new Secrets("secrets", {
    secrets: { secretKey: { length: 48 }, adminPassword: { length: 40 } },
    versions: { adminPassword: 3 },
  });

  const key = await findResource(records, "secrets-secretKey");
  assert.deepEqual(key.inputs, { length: 48, special: false, keepers: { version: "1" } });
  assert.equal(key.parent, "secrets");
  const admin = await findResource(records, "secrets-adminPassword");
  assert.deepEqual(admin.inputs, { length: 40, special: false, keepers: { version: "3" } });
  assert.deepEqual(
    records.map(({ type, name }) => `${type} ${name}`),
    [
      "berth:index:Secrets secrets",
      "random:index/randomPassword:RandomPassword secrets-secretKey",
      "random:index/randomPassword:RandomPassword secrets-adminPassword",
    ],
  );

  assert.deepEqual(Object.keys(values), ["secretKey", "adminPassword"]);
  for (const [name, output] of Object.entries(values)) {
    assert.equal(await pulumi.isSecret(output), true, name);
    assert.equal(await valueOf(output), `value of secrets-${name}`);
  }
});

test("a supplied secret is no resource, arrives unchanged and is secret", async () => {
  const records = await recordResources(PROVIDER_OUTPUTS);
  const word = `it's "$HOME" \\ \n'; DROP TABLE users; --`;
  const { values } = new Secrets("secrets", {
    secrets: { mailKey: { length: 40, supplied: true } },
    versions: {},
    supplied: pulumi.secret<Record<string, string>>({ mailKey: word }),
  });
  assert.equal(await valueOf(values["mailKey"]!), word);
  assert.equal(await pulumi.isSecret(values["mailKey"]!), true);
  assert.deepEqual(
    records.map(({ name }) => name),
    ["secrets"],
  );
});
