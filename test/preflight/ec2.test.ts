import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as held from "../../simulator/aws/kinds";
import { kind } from "../../simulator/core/state";
import { expectOne } from "./expect-finding";
import { certificate, EC2, look } from "./looking";
import { withCloud } from "./with-cloud";

const started = withCloud(EC2);
const { findings } = started;

function tagged(name: string): Record<string, Record<string, string>> {
  return { tagsAll: { "berth:stack": "prod", Name: name } };
}

function haveInstance(id = "i-0123456789abcdef0", name = "shop-prod-1", type = "t3.medium"): void {
  const outputs = { ...tagged(name), instanceType: type, ami: EC2.image };
  started.cloud.state.put(held.instances, id, { id, state: "running", machine: id, outputs });
}

describe("pre-flight of an instance", () => {
  test("passes in an empty account", async () => {
    const report = await look(started.cloud, EC2);
    assert.deepEqual(report.findings, []);
    assert.equal(report.looked, 14);
  });

  test("passes again over what it made itself, with the account full", async () => {
    haveInstance();
    started.cloud.state.put(held.vpcs, "vpc-1", { id: "vpc-1", outputs: tagged("shop-prod") });
    started.cloud.account({ aws: { limits: { vcpus: 2, addresses: 0, vpcs: 1 } } });
    assert.deepEqual(await findings({}, { firstRun: false }), []);
  });

  test("tells of a wrong access key once, and of nothing that follows from it", async () => {
    process.env["AWS_ACCESS_KEY_ID"] = "AKIAWRONG";
    expectOne(await findings(), "credentials", /security token included in the request is invalid/);
  });

  test("tells of a wrong secret key once", async () => {
    process.env["AWS_SECRET_ACCESS_KEY"] = "wrong";
    expectOne(await findings(), "credentials", /signature/);
  });

  test("names what the credentials may not", async () => {
    started.cloud.account({ aws: { denied: ["ec2:DescribeKeyPairs"] } });
    expectOne(await findings(), "name-taken", /may not do this \(ec2:DescribeKeyPairs\)/);
  });

  test("does without quotas that it may not see", async () => {
    started.cloud.account({
      aws: { denied: ["servicequotas:GetServiceQuota"], limits: { vcpus: 0 } },
    });
    assert.deepEqual(await findings(), []);
  });

  test("tells of a region that does not exist, and of nothing that follows from it", async () => {
    expectOne(
      await findings({ region: "eu-nowhere-1" }),
      "region",
      /no region "eu-nowhere-1"; set region to one of ap-east-1, eu-central-1/,
    );
  });

  test("tells of a region that is not enabled", async () => {
    expectOne(await findings({ region: "ap-east-1" }), "region", /not enabled region "ap-east-1"/);
  });

  test("tells of an instance type that the region does not have", async () => {
    expectOne(await findings({ size: "t9.huge" }), "size", /no instance type "t9.huge"/);
  });

  test("tells of an image that does not exist", async () => {
    expectOne(
      await findings({ image: "ami-0fffffffffffffff0" }),
      "image",
      /no image "ami-0fffffffffffffff0"/,
    );
  });

  test("tells of an image that is no id", async () => {
    expectOne(await findings({ image: "debian-13" }), "image", /no image "debian-13"/);
  });

  test("tells of an image for another architecture", async () => {
    const changes = { image: "ami-0123456789abcdef1", platform: "linux/arm64" };
    expectOne(await findings(changes), "image", /is for arm64, size "t3.medium" runs x86_64/);
  });

  test("tells of a release for another architecture", async () => {
    const changes = { image: "ami-0123456789abcdef1", size: "t4g.medium" };
    expectOne(
      await findings(changes),
      "image-platform",
      /built for linux\/amd64.*runs linux\/arm64/,
    );
  });

  test("passes with everything for arm64", async () => {
    const changes = { image: "ami-0123456789abcdef1", size: "t4g.medium", platform: "linux/arm64" };
    assert.deepEqual(await findings(changes), []);
  });

  test("tells of too few vCPUs, counting those that run", async () => {
    haveInstance("i-0fffffffffffffff0", "other");
    started.cloud.account({ aws: { limits: { vcpus: 3 } } });
    expectOne(await findings(), "quota", /may have 3 vCPUs .* and has 2; 2 more are needed/);
  });

  test("leaves room for both instances while one is rebuilt", async () => {
    haveInstance();
    started.cloud.account({ aws: { limits: { vcpus: 3 } } });
    const found = await findings({ serverGeneration: 2 }, { firstRun: false });
    expectOne(found, "quota", /may have 3 vCPUs .* and has 2; 2 more are needed/);
  });

  test("takes the default where nobody raised a quota", async () => {
    started.cloud.account({ aws: { limits: {} } });
    for (let index = 0; index < 3; index++) haveInstance(`i-0fffffffffffffff${index}`, "other");
    expectOne(await findings(), "quota", /may have 5 vCPUs .* and has 6/);
  });

  test("tells of too few Elastic IPs", async () => {
    started.cloud.account({ aws: { limits: { addresses: 1 } } });
    started.cloud.state.put(held.addresses, "eipalloc-1", { id: "eipalloc-1", outputs: {} });
    expectOne(await findings(), "quota", /may have 1 Elastic IPs and has 1/);
  });

  test("tells of too few VPCs", async () => {
    started.cloud.account({ aws: { limits: { vpcs: 0 } } });
    expectOne(await findings(), "quota", /may have 0 VPCs/);
  });

  test("tells of a data volume that would shrink", async () => {
    const outputs = { ...tagged("shop-prod"), size: 50 };
    started.cloud.state.put(held.volumes, "vol-1", { id: "vol-1", outputs });
    expectOne(await findings({}, { firstRun: false }), "volume", /50 GiB and can't shrink to 20/);
  });

  test("tells of each thing of ours that was left behind before the first run", async () => {
    haveInstance();
    started.cloud.state.put(held.volumes, "vol-1", {
      id: "vol-1",
      outputs: { ...tagged("shop-prod"), size: 20 },
    });
    started.cloud.state.put(held.keyPairs, "shop-prod", {
      id: "shop-prod",
      outputs: { keyName: "shop-prod" },
    });
    started.cloud.state.put(held.vpcs, "vpc-1", { id: "vpc-1", outputs: tagged("shop-prod") });
    const database = { id: "db", outputs: { identifier: "shop-prod" } };
    started.cloud.state.put(kind("aws/db-instances"), "db", database);
    const found = await findings();
    assert.equal(found.length, 5, found.join("\n"));
    for (const [index, words] of [
      "instance i-0123456789abcdef0.*make recover STACK=prod.*aws ec2 terminate-instances --instance-ids i-0123456789abcdef0",
      "volume vol-1",
      "key pair shop-prod.*aws ec2 delete-key-pair --key-name shop-prod",
      "VPC vpc-1",
      "database shop-prod",
    ].entries()) {
      assert.match(found[index]!, new RegExp(`^name-taken: .*${words}`));
    }
  });

  test("tells of a database class that RDS does not offer", async () => {
    expectOne(await findings({ databaseSize: "db.z9.huge" }), "database", /offers no "db.z9.huge"/);
  });

  test("tells of a region without PostgreSQL 17", async () => {
    started.cloud.account({ aws: { engineVersions: ["16.9"] } });
    expectOne(await findings(), "database", /no PostgreSQL 17 in region/);
  });

  test("tells of a missing, a broken and an expired certificate of the database", async () => {
    expectOne(await findings({ databaseAuthority: "" }), "database", /holds no certificate/);
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    expectOne(await findings({ databaseAuthority: broken }), "database", /can't be read/);
    expectOne(
      await findings({ databaseAuthority: certificate(-9, -2) }),
      "database",
      /expired, the last on \d{4}-/,
    );
  });

  test("takes a bundle in which old certificates lie beside good ones", async () => {
    assert.deepEqual(
      await findings({ databaseAuthority: certificate(-9, -2) + certificate() }),
      [],
    );
  });

  test("asks nothing of RDS where the database is on the server", async () => {
    assert.deepEqual(await findings({ databaseSize: "", databaseAuthority: "" }), []);
  });

  test("tells of a zone that does not exist, that is private, or that is a name", async () => {
    expectOne(await findings({ zone: "Z0NOTHERE" }), "zone", /no hosted zone "Z0NOTHERE"/);
    const domains = ["shop.example.internal"];
    expectOne(await findings({ zone: "Z0PRIVATE", domains }), "zone", /answers only inside a VPC/);
    expectOne(
      await findings({ zone: "example.org" }),
      "zone",
      /no id of a hosted zone; set zone to Z0123456789ABC/,
    );
    expectOne(
      await findings({ zone: "example.net" }),
      "zone",
      /no id of a hosted zone; set zone to the id/,
    );
  });

  test("tells of a domain outside the zone", async () => {
    expectOne(
      await findings({ domains: ["shop.example.com"] }),
      "domains",
      /not in zone example.org/,
    );
  });
});
