import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { changed, DATABASE, declare, NETWORK, SERVER, without } from "./aws-resources";
import { AwsStack } from "./aws-stack";

const ALL = [...NETWORK, ...SERVER, ...DATABASE];

let stack: AwsStack;
// What the stack is to be; a test that changes it on purpose leaves it changed.
let wanted = ALL;

before(async () => {
  stack = await AwsStack.make();
  const { ok, printed } = await stack.up(ALL);
  assert.ok(ok, printed);
});
after(() => stack.remove());

test("a refresh finds what was made, and a further run has nothing to do", async () => {
  const refreshed = await stack.refresh();
  assert.ok(refreshed.ok, refreshed.printed);
  const again = await stack.up(ALL, "--expect-no-changes");
  assert.ok(again.ok, again.printed);
});

test("ids, names and addresses have the forms of AWS", async () => {
  const FORMS: readonly (readonly [name: string, id: RegExp])[] = [
    ["network", /^vpc-[0-9a-f]{17}$/],
    ["subnet-a", /^subnet-[0-9a-f]{17}$/],
    ["gateway", /^igw-[0-9a-f]{17}$/],
    ["routes", /^rtb-[0-9a-f]{17}$/],
    ["route", /^r-rtb-[0-9a-f]{17}\d+$/],
    ["association", /^rtbassoc-[0-9a-f]{17}$/],
    ["server", /^sg-[0-9a-f]{17}$/],
    ["ssh", /^sgr-[0-9a-f]{17}$/],
    ["key", /^berth$/],
    ["machine", /^i-[0-9a-f]{17}$/],
    ["volume", /^vol-[0-9a-f]{17}$/],
    ["attachment", /^vai-\d+$/],
    ["address", /^eipalloc-[0-9a-f]{17}$/],
    ["address-association", /^eipassoc-[0-9a-f]{17}$/],
    ["record", /^Z0123456789ABCDEFGHIJ_staging\.battery-hub\.example_A$/],
    ["subnets", /^berth$/],
    ["postgresql", /^db-[0-9A-F]{26}$/],
  ];
  for (const [name, form] of FORMS) assert.match(await stack.id(name), form, name);
  const database = await stack.outputs("postgresql");
  assert.match(
    String(database["address"]),
    /^berth\.c[0-9a-f]{11}\.eu-central-1\.rds\.amazonaws\.com$/,
  );
  assert.equal(database["endpoint"], `${String(database["address"])}:5432`);
  assert.equal(database["engineVersionActual"], "17.6");
  const machine = await stack.outputs("machine");
  const address = await stack.outputs("address");
  assert.equal(machine["publicIp"], address["publicIp"], "the associated address takes over");
  assert.match(
    String(machine["arn"]),
    /^arn:aws:ec2:eu-central-1:210987654321:instance\/i-[0-9a-f]{17}$/,
  );
});

test("sizes change in place and grow only", async () => {
  const resized = ["machine", "volume", "postgresql"];
  const ids = await stack.ids(resized);
  wanted = changed(wanted, "machine", { instanceType: "t3.large" });
  wanted = changed(wanted, "volume", { size: 30 });
  wanted = changed(wanted, "postgresql", {
    instanceClass: "db.t4g.medium",
    allocatedStorage: 30,
    password: "master-word-2",
  });
  const { ok, printed } = await stack.up(wanted);
  assert.ok(ok, printed);
  assert.deepEqual(await stack.ids(resized), ids);
  assert.equal((await stack.outputs("machine"))["instanceType"], "t3.large");
  const smaller = changed(changed(wanted, "volume", { size: 20 }), "postgresql", {
    allocatedStorage: 20,
  });
  const refused = await stack.up(smaller, "--continue-on-error");
  assert.match(refused.errorsOf("volume"), /New size cannot be smaller than existing size/);
  assert.match(refused.errorsOf("postgresql"), /storage can't be decreased from 30 GiB/);
});

test("without applyImmediately a change waits for the maintenance window", async () => {
  const waiting = { applyImmediately: false, instanceClass: "db.t4g.large" };
  const { ok, printed } = await stack.up(changed(wanted, "postgresql", waiting));
  assert.ok(ok, printed);
  assert.equal((await stack.outputs("postgresql"))["instanceClass"], "db.t4g.medium");
  assert.match(printed, /instanceClass: pending until the maintenance window/);
});

test("a default tag of the provider reaches every resource that has tags", async () => {
  const provider = (tags: Record<string, string>) =>
    declare("aws.Provider", "cloud", { region: "eu-central-1", defaultTags: { tags } });
  const tagged = declare(
    "ec2.Vpc",
    "tagged",
    { cidrBlock: "10.9.0.0/16", tags: { Name: "n" } },
    { provider: "cloud" },
  );
  const tags = async () => (await stack.outputs("tagged"))["tagsAll"];
  const first = await stack.up([...wanted, provider({ "berth:stack": "one" }), tagged]);
  assert.ok(first.ok, first.printed);
  assert.deepEqual(await tags(), { "berth:stack": "one", Name: "n" });
  const second = await stack.up([...wanted, provider({ "berth:stack": "two" }), tagged]);
  assert.ok(second.steps.includes("update tagged"), second.printed);
  assert.deepEqual(await tags(), { "berth:stack": "two", Name: "n" });
});

test("what vanished behind the program's back is seen by a refresh and made again", async () => {
  stack.lose("records");
  stack.lose("key-pairs");
  const refreshed = await stack.refresh();
  assert.ok(refreshed.ok, refreshed.printed);
  assert.equal(await stack.id("record"), "");
  const { ok, steps, printed } = await stack.up(wanted);
  assert.ok(ok, printed);
  assert.ok(steps.includes("create record") && steps.includes("create key"), printed);
});

test("a database under deletion protection refuses to go", async () => {
  wanted = changed(wanted, "postgresql", { deletionProtection: true });
  const { ok, printed } = await stack.up(wanted);
  assert.ok(ok, printed);
  const refused = await stack.up(without(wanted, "postgresql"));
  assert.equal(refused.ok, false);
  assert.match(
    refused.errorsOf("postgresql"),
    /deleting RDS DB Instance \(db-[0-9A-F]+\): operation error RDS: DeleteDBInstance, .*InvalidParameterCombination: Cannot delete protected DB Instance/,
  );
  assert.equal(stack.kept("db-instances").length, 1);
});

test("a destroy leaves only the final snapshot, whose name is taken then", async () => {
  wanted = changed(wanted, "postgresql", { deletionProtection: false });
  const open = await stack.up(wanted);
  assert.ok(open.ok, open.printed);
  const { ok, printed } = await stack.destroy();
  assert.ok(ok, printed);
  for (const kind of ["vpcs", "subnets", "security-groups", "instances", "volumes", "addresses"]) {
    assert.deepEqual(stack.kept(kind), [], kind);
  }
  assert.deepEqual(
    stack.kept("db-snapshots").map(({ id }) => id),
    ["berth-final-a1b2c3d4e5"],
  );
  const made = await stack.up([...NETWORK, ...DATABASE]);
  assert.ok(made.ok, made.printed);
  const refused = await stack.destroy();
  assert.match(refused.errors, /DBSnapshotAlreadyExists: Cannot create the snapshot/);
});
