import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { adoptInto, decide } from "../../commands/recover/adopt";
import { aws } from "../../commands/recover/aws";
import { digitalocean } from "../../commands/recover/digitalocean";
import type { PendingOperation, State } from "../../commands/state-file";
import * as held from "../../simulator/aws/kinds";
import type { Stored } from "../../simulator/aws/resource";
import type { Kind } from "../../simulator/core/state";
import { startCloud, type SimulatedCloud } from "../preflight/simulated-cloud";

let cloud: SimulatedCloud;

before(async () => {
  cloud = await startCloud();
  Object.assign(process.env, cloud.env);
});

after(() => cloud.stop());

function creating(type: string, inputs: Record<string, unknown>): PendingOperation {
  const name = type.split(":").at(-1) ?? "";
  return {
    type: "creating",
    resource: { urn: `urn:pulumi:act::berth::${type}::${name}`, type, inputs },
  };
}

async function decided(
  operation: PendingOperation,
  resources: State["resources"] = [],
): Promise<{ id?: string; line: string; isBlocked?: boolean } | undefined> {
  const decisions = await decide({ resources, pending: [operation] }, [digitalocean, aws]);
  return decisions[0];
}

const tags = { Name: "act" };
const AWS: [string, Kind<Stored>, string, Record<string, unknown>][] = [
  ["aws:ec2/vpc:Vpc", held.vpcs, "vpc-1", {}],
  ["aws:ec2/subnet:Subnet", held.subnets, "subnet-1", {}],
  ["aws:ec2/internetGateway:InternetGateway", held.internetGateways, "igw-1", {}],
  ["aws:ec2/routeTable:RouteTable", held.routeTables, "rtb-1", {}],
  ["aws:ec2/securityGroup:SecurityGroup", held.securityGroups, "sg-1", {}],
  ["aws:ec2/eip:Eip", held.addresses, "eipalloc-1", {}],
  ["aws:ebs/volume:Volume", held.volumes, "vol-1", {}],
];

for (const [type, kind, id] of AWS) {
  test(`${type} is found by its name, and only while it is in no state`, async () => {
    const operation = creating(type, { tags });
    assert.equal((await decided(operation))?.id, undefined);
    cloud.state.put(kind, id, { id, outputs: { tags, tagsAll: tags } });
    assert.equal((await decided(operation))?.id, id);
    assert.equal((await decided(creating(type, { tags: { Name: "act-2" } })))?.id, undefined);
    const mine = { urn: operation.resource.urn, type, id };
    assert.equal((await decided(operation, [mine]))?.id, undefined);
  });
}

test("what the state has already is not adopted a second time", async () => {
  const operation = creating("aws:ec2/securityGroup:SecurityGroup", { tags: { Name: "act-3" } });
  cloud.state.put(held.securityGroups, "sg-3", {
    id: "sg-3",
    outputs: { tags: { Name: "act-3" }, tagsAll: { Name: "act-3" } },
  });
  const recorded = { urn: operation.resource.urn, type: operation.resource.type, id: "sg-9" };
  assert.equal(await decided(operation, [recorded]), undefined);
  const twice = await decide({ resources: [], pending: [operation, operation] }, [aws]);
  assert.deepEqual(
    twice.map(({ id }) => id),
    ["sg-3"],
  );
});

test("two of one name are for a person to decide, and the state stays", async () => {
  cloud.state.put(held.vpcs, "vpc-2", { id: "vpc-2", outputs: { tags, tagsAll: tags } });
  const decision = await decided(creating("aws:ec2/vpc:Vpc", { tags }));
  assert.equal(decision?.isBlocked, true);
  assert.match(decision.line, /several of that name: vpc-1, vpc-2/);
  cloud.state.remove(held.vpcs, "vpc-2");
});

test("what was adopted keeps its inputs, what was not is forgotten, other operations stay", async () => {
  const vpc = creating("aws:ec2/vpc:Vpc", { tags, cidrBlock: "10.0.0.0/16" });
  const step = creating("command:remote:Command", { create: "true" });
  const update = { ...creating("aws:ec2/subnet:Subnet", {}), type: "updating" as const };
  const pending = [vpc, step, update];
  const decisions = await decide({ resources: [], pending }, [digitalocean, aws]);
  const text = adoptInto(
    JSON.stringify({
      version: 3,
      deployment: { pending_operations: pending, secrets_providers: {} },
    }),
    decisions,
  );
  assert.deepEqual(JSON.parse(text), {
    version: 3,
    deployment: {
      secrets_providers: {},
      resources: [{ ...vpc.resource, id: "vpc-1", outputs: vpc.resource.inputs }],
      pending_operations: [update],
    },
  });
});
