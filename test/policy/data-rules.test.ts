import assert from "node:assert/strict";
import { test } from "node:test";
import { protectedBefore } from "../../policy/protected-before";
import { databaseTls } from "../../policy/rules/database-tls";
import { encryptedDisks } from "../../policy/rules/encrypted-disks";
import { liftedProtection } from "../../policy/rules/lifted-protection";
import { privateDatabase } from "../../policy/rules/private-database";
import { protectedData } from "../../policy/rules/protected-data";
import { DATA_TYPES } from "../../policy/types";
import { findings, UNKNOWN, urnOf } from "./inspect";

const VOLUME = "digitalocean:index/volume:Volume";
const RDS = "aws:rds/instance:Instance";
const GIVEN_UP = { protectData: false };

for (const type of DATA_TYPES) {
  test(`protected-data: ${type} without protection is refused, unless the stack gives its data up`, async () => {
    assert.match((await findings(protectedData, { type })).join(), /it is not protected; give it/);
    assert.deepEqual(await findings(protectedData, { type, protect: true }), []);
    assert.deepEqual(await findings(protectedData, { type, settings: GIVEN_UP }), []);
  });
}

test("protected-data: what holds no data needs no protection", async () => {
  assert.deepEqual(await findings(protectedData, { type: "aws:ec2/vpc:Vpc" }), []);
});

const before = (inputs: Record<string, unknown>, type = VOLUME) => ({
  ...GIVEN_UP,
  protectedBefore: [{ urn: urnOf({ type }), inputs }],
});

test("lifted-protection: alone it is fine, with a change it is refused", async () => {
  const inputs = { name: "shop", size: 20, __defaults: [] };
  const lift = (props: Record<string, unknown>) =>
    findings(liftedProtection, { type: VOLUME, props, settings: before(inputs) });
  assert.deepEqual(await lift({ name: "shop", size: 20 }), []);
  assert.match(
    (await lift({ name: "other", size: 30 })).join(),
    /same update that changes name, size;/,
  );
  assert.match((await lift({ name: "shop" })).join(), /changes size;/);
  assert.match((await lift({ name: UNKNOWN, size: 20 })).join(), /changes name;/);
});

test("lifted-protection: what belongs to the protection may change with it", async () => {
  const inputs = {
    deletionProtection: true,
    skipFinalSnapshot: false,
    password: { "4dabf18193072939515e22adb298388d": "1b47061264138c4a", ciphertext: "v1:x" },
    tags: { b: "1", a: "2" },
    engine: "postgres",
  };
  const props = {
    deletionProtection: false,
    skipFinalSnapshot: true,
    password: "p",
    engine: "postgres",
  };
  const settings = before(inputs, RDS);
  assert.deepEqual(await findings(liftedProtection, { type: RDS, props, settings }), []);
});

test("lifted-protection: without the state before it refuses", async () => {
  const found = await findings(liftedProtection, { type: VOLUME, settings: GIVEN_UP });
  assert.match(found.join(), /was not told the state before.*commands\/policy\.sh/);
  assert.deepEqual(await findings(liftedProtection, { type: VOLUME, protect: true }), []);
});

test("the state before gives protected resources with data, and nothing that is being removed", () => {
  const resource = (name: string, more: object) => ({
    urn: name,
    type: VOLUME,
    inputs: { name },
    ...more,
  });
  const exported = {
    deployment: {
      resources: [
        resource("kept", { protect: true }),
        resource("free", {}),
        resource("leftover", { protect: true, delete: true }),
        resource("machine", { protect: true, type: "digitalocean:index/droplet:Droplet" }),
      ],
    },
  };
  assert.deepEqual(protectedBefore(JSON.stringify(exported)), [
    { urn: "kept", inputs: { name: "kept" } },
  ]);
  assert.deepEqual(protectedBefore("{}"), []);
});

const GOOD_DATABASE = {
  publiclyAccessible: false,
  storageEncrypted: true,
  backupRetentionPeriod: 7,
  deletionProtection: true,
  skipFinalSnapshot: false,
  parameterGroupName: "shop",
};

test("private-database: a good one passes", async () => {
  assert.deepEqual(await findings(privateDatabase, { type: RDS, props: GOOD_DATABASE }), []);
});

const badDatabases: [change: Record<string, unknown>, expected: RegExp][] = [
  [{ publiclyAccessible: true }, /reachable from the internet/],
  [{ storageEncrypted: undefined }, /not encrypted/],
  [{ backupRetentionPeriod: 6 }, /backups for 6 days; allowed are 7 to 35/],
  [{ backupRetentionPeriod: undefined }, /backups for 0 days/],
  [{ deletionProtection: false }, /can be removed at AWS/],
  [{ skipFinalSnapshot: true }, /without a last snapshot/],
];
for (const [change, expected] of badDatabases) {
  test(`private-database: ${JSON.stringify(change)} is refused`, async () => {
    const props = { ...GOOD_DATABASE, ...change };
    const found = await findings(privateDatabase, { type: RDS, props });
    assert.equal(found.length, 1);
    assert.match(found[0]!, expected);
  });
}

test("private-database: a stack that gives its data up may take the protection away, no more", async () => {
  const props = { ...GOOD_DATABASE, deletionProtection: false, skipFinalSnapshot: true };
  assert.deepEqual(await findings(privateDatabase, { type: RDS, props, settings: GIVEN_UP }), []);
  const open = { ...props, publiclyAccessible: true };
  const found = await findings(privateDatabase, { type: RDS, props: open, settings: GIVEN_UP });
  assert.equal(found.length, 1);
});

test("database-tls: the instance has a parameter group, and that forces TLS", async () => {
  const group = "aws:rds/parameterGroup:ParameterGroup";
  const forced = {
    parameters: [
      { name: "a", value: "2" },
      { name: "rds.force_ssl", value: "1" },
    ],
  };
  assert.deepEqual(await findings(databaseTls, { type: group, props: forced }), []);
  const optional = { parameters: [{ name: "rds.force_ssl", value: "0" }] };
  assert.match(
    (await findings(databaseTls, { type: group, props: optional })).join(),
    /force_ssl 0/,
  );
  assert.match((await findings(databaseTls, { type: group })).join(), /left out/);

  const named = (parameterGroupName: string) =>
    findings(databaseTls, { type: RDS, props: { parameterGroupName } });
  assert.deepEqual(await named("shop"), []);
  assert.deepEqual(await named(UNKNOWN), []);
  assert.match((await named("default.postgres17")).join(), /AWS's own parameters/);
  assert.match((await findings(databaseTls, { type: RDS })).join(), /AWS's own parameters/);
});

test("encrypted-disks: data volumes, root disks and further disks", async () => {
  const volume = "aws:ebs/volume:Volume";
  const instance = "aws:ec2/instance:Instance";
  const rootBlockDevice = { encrypted: true };
  assert.deepEqual(
    await findings(encryptedDisks, { type: volume, props: { encrypted: true } }),
    [],
  );
  assert.match((await findings(encryptedDisks, { type: volume })).join(), /it is not encrypted/);
  assert.deepEqual(
    await findings(encryptedDisks, { type: instance, props: { rootBlockDevice } }),
    [],
  );
  assert.match((await findings(encryptedDisks, { type: instance })).join(), /root disk without/);
  const props = { rootBlockDevice, ebsBlockDevices: [{ deviceName: "/dev/sdf" }] };
  assert.match((await findings(encryptedDisks, { type: instance, props })).join(), /\/dev\/sdf/);
});
