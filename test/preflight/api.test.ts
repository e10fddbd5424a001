import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import {
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  DescribeDBInstancesCommand,
  RDSClient,
  RebootDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { DeleteHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { ListServicesCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import * as aws from "../../simulator/aws/kinds";
import * as held from "../../simulator/digitalocean/records";
import { useCloud } from "./looking";
import { startCloud, TOKEN, type SimulatedCloud } from "./simulated-cloud";

let cloud: SimulatedCloud;
before(async () => {
  cloud = await startCloud();
  useCloud(cloud);
});
afterEach(() => cloud.empty());
after(() => cloud.stop());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = { authorization: `Bearer ${TOKEN}`, ...(init.headers as object) };
  const response = await fetch(`${cloud.url}${path}`, { ...init, headers });
  const text = await response.text();
  const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, body };
}

const post = (path: string, body: unknown) =>
  ask(path, { method: "POST", body: JSON.stringify(body) });

describe("the simulated API of DigitalOcean", () => {
  test("lets nobody in without the account's token", async () => {
    for (const authorization of ["", "Bearer other", TOKEN]) {
      const { status, body } = await ask("/v2/account", { headers: { authorization } });
      assert.equal(status, 401);
      assert.deepEqual(body, { id: "Unauthorized", message: "Unable to authenticate you" });
    }
  });

  test("knows only the paths and methods that are served", async () => {
    for (const [method, path] of [
      ["GET", "/v2/kubernetes/clusters"],
      ["GET", "/v2/account/"],
      ["DELETE", "/v2/account"],
      ["POST", "/v2/droplets"],
      ["GET", "/v2/domains/example.net"],
      ["GET", "/v2/domains/example.net/records"],
      ["GET", "/v2/images/debian-99-x64"],
      ["DELETE", "/v2/firewalls/none"],
    ] as const) {
      const { status, body } = await ask(path, { method });
      assert.deepEqual([status, body["id"]], [404, "not_found"], `${method} ${path}`);
    }
  });

  test("gives lists in pages", async () => {
    for (const name of ["a", "b", "c"]) cloud.state.put(held.domains, name, { name });
    const first = await ask("/v2/domains?per_page=3");
    assert.equal((first.body["domains"] as unknown[]).length, 3);
    assert.deepEqual(first.body["meta"], { total: 4 });
    const { pages } = first.body["links"] as { pages: { next: string } };
    const second = await ask(new URL(pages.next).pathname + new URL(pages.next).search);
    assert.deepEqual(second.body["domains"], [{ name: "c", ttl: 1800 }]);
    assert.deepEqual(second.body["links"], {});
    assert.equal((await ask("/v2/domains?per_page=500")).status, 422);
    assert.equal((await ask("/v2/domains?page=0")).status, 422);
  });

  test("refuses firewalls as the API does", async () => {
    const rule = { protocol: "tcp", ports: "22", sources: { addresses: ["203.0.113.7/32"] } };
    const firewall = { name: "one", inbound_rules: [rule] };
    assert.equal((await post("/v2/firewalls", firewall)).status, 202);
    assert.equal((await post("/v2/firewalls", firewall)).status, 409);
    for (const wrong of [
      { ...firewall, name: "" },
      { ...firewall, name: "two", inbound_rules: [] },
      { ...firewall, name: "two", tags: ["unknown"] },
      { ...firewall, name: "two", inbound_rules: [{ ...rule, protocol: "sctp" }] },
      { ...firewall, name: "two", inbound_rules: [{ ...rule, ports: "ssh" }] },
      { ...firewall, name: "two", inbound_rules: [{ ...rule, sources: {} }] },
      { ...firewall, name: "two", inbound_rules: [{ ...rule, sources: { addresses: ["x"] } }] },
    ]) {
      assert.equal((await post("/v2/firewalls", wrong)).status, 422, JSON.stringify(wrong));
    }
  });

  test("tells everyone the address they come from", async () => {
    const response = await fetch(`${cloud.url}/checkip`);
    assert.equal(await response.text(), "203.0.113.7\n");
  });
});

describe("the simulated APIs of AWS", () => {
  const options = { region: "eu-central-1", maxAttempts: 1 };

  test("have only the actions that are served", async () => {
    const ec2 = new EC2Client(options);
    const rds = new RDSClient(options);
    const sts = new STSClient(options);
    const quotas = new ServiceQuotasClient(options);
    const zones = new Route53Client(options);
    const image = { ImageId: "ami-1", MinCount: 1, MaxCount: 1 };
    const database = { DBInstanceIdentifier: "x" };
    for (const asked of [
      () => ec2.send(new RunInstancesCommand(image)),
      () => rds.send(new RebootDBInstanceCommand(database)),
      () => sts.send(new GetSessionTokenCommand({})),
    ]) {
      await assert.rejects(asked, { name: "InvalidAction" });
    }
    for (const asked of [
      () => quotas.send(new ListServicesCommand({})),
      () => zones.send(new DeleteHostedZoneCommand({ Id: "Z1" })),
    ]) {
      await assert.rejects(asked, { name: "UnknownOperationException" });
    }
  });

  test("refuse filters and ids that they do not know", async () => {
    const client = new EC2Client(options);
    cloud.state.put(aws.volumes, "vol-1", { id: "vol-1", outputs: { size: 20 } });
    await assert.rejects(
      client.send(new DescribeVolumesCommand({ Filters: [{ Name: "colour", Values: ["red"] }] })),
      { name: "InvalidParameterValue" },
    );
    await assert.rejects(client.send(new DescribeVolumesCommand({ VolumeIds: ["vol-2"] })), {
      name: "InvalidVolume.NotFound",
    });
    const database = new DescribeDBInstancesCommand({ DBInstanceIdentifier: "none" });
    await assert.rejects(new RDSClient(options).send(database), {
      name: /DBInstanceNotFound/,
    });
  });

  test("let nobody in who is not the account, or is elsewhere", async () => {
    for (const changed of [
      { credentials: { accessKeyId: "AKIAOTHER", secretAccessKey: "x" } },
      { credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" } },
      { region: "us-west-2" },
    ]) {
      const client = new EC2Client({ ...options, ...changed });
      await assert.rejects(client.send(new DescribeInstancesCommand({})), { name: "AuthFailure" });
    }
    const unsigned = await fetch(cloud.url, { method: "POST", body: "Action=GetCallerIdentity" });
    assert.equal(unsigned.status, 403);
    assert.match(await unsigned.text(), /<Code>MissingAuthenticationToken<\/Code>/);
  });

  test("describe what the simulated resources are", async () => {
    const tagsAll = { "berth:stack": "prod", Name: "shop-prod & <co>" };
    const group = { name: "shop-prod-server", description: "d", vpcId: "vpc-1", tagsAll };
    cloud.state.put(aws.securityGroups, "sg-1", { id: "sg-1", outputs: group });
    const rule = { securityGroupId: "sg-1", ipProtocol: "tcp", fromPort: 22, toPort: 22 };
    const outputs = { ...rule, cidrIpv4: "203.0.113.0/24", description: "operators" };
    cloud.state.put(aws.ingressRules, "sgr-1", { id: "sgr-1", outputs });
    const asked = { Filters: [{ Name: "tag:berth:stack", Values: ["other", "prod"] }] };
    const client = new EC2Client(options);
    const { SecurityGroups } = await client.send(new DescribeSecurityGroupsCommand(asked));
    assert.equal(SecurityGroups?.length, 1);
    const [found] = SecurityGroups;
    assert.equal(found?.GroupName, "shop-prod-server");
    assert.deepEqual(found.Tags?.[1], { Key: "Name", Value: "shop-prod & <co>" });
    const ranges = [{ CidrIp: "203.0.113.0/24", Description: "operators" }];
    assert.deepEqual(found.IpPermissions?.[0]?.IpRanges, ranges);
  });
});

describe("simulator/api/start.sh", () => {
  const script = join(__dirname, "../../simulator/api/start.sh");

  test("prints its URL and serves until it is ended", async () => {
    const env = { ...process.env, BERTH_SIMULATOR: cloud.state.folder };
    const child = spawn(script, { env, stdio: ["ignore", "pipe", "inherit"] });
    const line = await new Promise<string>((resolve) =>
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())),
    );
    assert.match(line, /^http:\/\/127\.0\.0\.1:\d+\n$/);
    const headers = { authorization: `Bearer ${TOKEN}` };
    assert.equal((await fetch(`${line.trim()}/v2/account`, { headers })).status, 200);
    const ended = new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
    child.kill();
    assert.equal(await ended, "SIGTERM");
  });

  test("stops at once without a state", async () => {
    const env = { ...process.env, BERTH_SIMULATOR: "" };
    const child = spawn(script, { env, stdio: "ignore" });
    assert.equal(await new Promise((resolve) => child.once("exit", resolve)), 1);
  });
});
