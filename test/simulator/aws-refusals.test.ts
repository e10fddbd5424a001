import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { database } from "../../simulator/aws/database";
import { instance } from "../../simulator/aws/instance";
import { egressRule, ingressRule } from "../../simulator/aws/security-group-rule";
import { subnet } from "../../simulator/aws/subnet";
import { volume } from "../../simulator/aws/volume";
import { vpc } from "../../simulator/aws/vpc";
import type { CloudType } from "../../simulator/core/cloud-type";
import type { Properties } from "../../toolchain/plugins/provider/values";
import { DATABASE, declare, NETWORK, SERVER } from "./aws-resources";
import { type Args, AwsStack } from "./aws-stack";

const BASE = [...NETWORK, ...SERVER, ...DATABASE];

// What the plugin refuses at the check, before it calls AWS.
const CHECKED: readonly (readonly [like: string, changes: Args, reason: RegExp])[] = [
  ["network", { cidrBlock: "10.42.0.0/8" }, /prefix has to be between \/16 and \/28/],
  ["subnet-a", { cidrBlock: "10.42.0.7/24" }, /its network is 10\.42\.0\.0\/24/],
  ["ssh", { cidrIpv6: "::/0" }, /exactly one of cidrIpv4, cidrIpv6/],
  ["out", { fromPort: 0, toPort: 0 }, /leave them out with ipProtocol -1/],
  ["machine", { userData: "x".repeat(16_385) }, /in the range \(0 - 16384\), got 16385/],
  ["machine", { metadataOptions: { httpTokens: "yes" } }, /one of optional, required, got yes/],
  ["machine", { metadataOptions: { httpPutResponseHopLimit: 65 } }, /allowed are 1 to 64/],
  ["volume", { type: "gp2", throughput: 250 }, /only with type gp3/],
  ["postgresql", { backupRetentionPeriod: 36 }, /in the range \(0 - 35\), got 36/],
  ["postgresql", { finalSnapshotIdentifier: "a--b" }, /letters, digits and single hyphens/],
];

// What the cloud refuses when the resource is made.
const MADE: readonly (readonly [like: string, changes: Args, reason: RegExp])[] = [
  ["subnet-a", { cidrBlock: "10.43.0.0/24" }, /InvalidSubnet\.Range: The CIDR '10\.43\.0\.0\/24'/],
  ["subnet-a", { cidrBlock: "10.42.0.128/25" }, /InvalidSubnet\.Conflict: The CIDR/],
  [
    "subnet-a",
    { cidrBlock: "10.42.9.0/24", availabilityZone: "eu-west-1a" },
    /\(eu-west-1a\) for parameter availabilityZone is invalid/,
  ],
  ["subnet-a", { vpcId: "vpc-0", cidrBlock: "10.42.9.0/24" }, /InvalidVpcID\.NotFound/],
  ["gateway", {}, /already has an internet gateway attached/],
  ["route", {}, /RouteAlreadyExists: The route identified by 0\.0\.0\.0\/0 already exists/],
  ["association", {}, /Resource\.AlreadyAssociated/],
  ["server", {}, /InvalidGroup\.Duplicate: The security group 'server' already exists for VPC/],
  ["ssh", {}, /InvalidPermission\.Duplicate: the specified rule "peer: 198\.51\.100\.7\/32/],
  ["key", {}, /InvalidKeyPair\.Duplicate: The keypair already exists/],
  ["key", { keyName: "other", publicKey: "nonsense" }, /InvalidKey\.Format/],
  [
    "machine",
    { ami: "ami-0fedcba9876543210" },
    /creating EC2 Instance: operation error EC2: RunInstances, https response error StatusCode: 400, RequestID: \S+, api error InvalidAMIID\.NotFound: The image id '\[ami-0fedcba9876543210\]' does not exist/,
  ],
  ["machine", { ami: "debian-13" }, /InvalidAMIID\.Malformed/],
  ["machine", { instanceType: "t9.huge" }, /Invalid value 't9\.huge' for InstanceType/],
  [
    "machine",
    { instanceType: "t4g.medium" },
    /architecture 'arm64' of the specified instance type does not match/,
  ],
  ["machine", { keyName: "nobody" }, /InvalidKeyPair\.NotFound: The key pair 'nobody'/],
  [
    "machine",
    { vpcSecurityGroupIds: ["sg-0"] },
    /InvalidGroup\.NotFound: The security group 'sg-0'/,
  ],
  [
    "attachment",
    { deviceName: "/dev/sdg" },
    /VolumeInUse: vol-[0-9a-f]+ is already attached to an instance/,
  ],
  ["address-association", { allowReassociation: false }, /Resource\.AlreadyAssociated/],
  [
    "record",
    {},
    /InvalidChangeBatch: \[Tried to create resource record set \[name='staging\.battery-hub\.example\.', type='A'\] but it already exists\]/,
  ],
  ["record", { name: "b.battery-hub.example", records: ["b"] }, /Value is not a valid address/],
  [
    "record",
    { zoneId: "Z9", name: "b.battery-hub.example" },
    /NoSuchHostedZone: No hosted zone found with ID: Z9/,
  ],
  ["subnets", {}, /DBSubnetGroupAlreadyExists/],
  ["subnets", { name: "one", subnetIds: ["$subnet-a.id"] }, /DBSubnetGroupDoesNotCoverEnoughAZs/],
  ["parameters", {}, /DBParameterGroupAlreadyExists/],
  [
    "parameters",
    { name: "one", parameters: [{ name: "max_connections", value: "9" }] },
    /immediate apply method for static parameter/,
  ],
  [
    "parameters",
    { name: "two", parameters: [{ name: "no_such", value: "9" }] },
    /Could not find parameter with name: no_such/,
  ],
  ["postgresql", {}, /DBInstanceAlreadyExists: DB instance already exists/],
  ["postgresql", { identifier: "a", password: "short" }, /shorter than 8 characters/],
  [
    "postgresql",
    { identifier: "b", password: "with a blank" },
    /Only printable ASCII characters besides/,
  ],
  ["postgresql", { identifier: "c", engineVersion: "12" }, /Cannot find version 12 for postgres/],
  [
    "postgresql",
    { identifier: "d", engineVersion: "16" },
    /use a Parameter Group with DBParameterGroupFamily postgres16/,
  ],
  ["postgresql", { identifier: "e", username: "admin" }, /reserved word used by the engine/],
  [
    "postgresql",
    { identifier: "f", allocatedStorage: undefined },
    /"allocated_storage": required field is not set/,
  ],
  [
    "postgresql",
    { identifier: "g", vpcSecurityGroupIds: ["sg-0"] },
    /Invalid security group , groupId= sg-0/,
  ],
];

const TYPES: Readonly<Record<string, CloudType>> = {
  network: vpc,
  "subnet-a": subnet,
  ssh: ingressRule,
  out: egressRule,
  machine: instance,
  volume,
  postgresql: database,
};

let stack: AwsStack;

before(async () => {
  stack = await AwsStack.make();
  const { ok, printed } = await stack.up(BASE);
  assert.ok(ok, printed);
});
after(() => stack.remove());

const rows = (list: readonly (readonly [string, Args, RegExp])[]) =>
  list.map(([like, changes], index) => {
    const { type, args } = BASE.find(({ name }) => name === like)!;
    return declare(type, `row-${index}`, { ...args, ...changes }, { dependsOn: [like] });
  });

for (const [like, changes, reason] of CHECKED) {
  test(`${like}: ${JSON.stringify(changes).slice(0, 60)} is refused before AWS is called`, () => {
    const { args } = BASE.find(({ name }) => name === like)!;
    const check = TYPES[like]!.check!;
    assert.deepEqual(check(args as Properties, []), []);
    assert.match(check({ ...args, ...changes } as Properties, []).join("\n"), reason);
  });
}

test("what an account can't have is refused in the words of AWS", async (context) => {
  const all = [...BASE, ...rows(MADE)];
  const { errorsOf, printed } = await stack.up(all, "--continue-on-error");
  for (const [index, [like, changes, reason]] of MADE.entries()) {
    await context.test(`${like}: ${JSON.stringify(changes).slice(0, 60)}`, () => {
      assert.match(errorsOf(`row-${index}`), reason, printed);
    });
  }
  assert.doesNotMatch(printed, /with a blank|master-word/, "no error holds a password");
});

test("an unknown argument and an unknown type are refused", async () => {
  const { errors } = await stack.preview([
    ...BASE,
    declare("aws:ec2/vpc:Vpc", "wrong", { cidrBlock: "10.0.0.0/16", colour: "red" }),
  ]);
  assert.match(errors, /unknown argument "colour"; allowed are .*cidrBlock/);
  const other = await stack.preview([...BASE, declare("aws:s3/bucket:Bucket", "bucket", {})]);
  assert.match(other.errors, /has no resource type aws:s3\/bucket:Bucket; it has /);
});

test("quotas are those of the account", async () => {
  const limits = { vcpus: 3, addresses: 1, vpcs: 1, databases: 1 };
  stack.setAccount({ limits });
  const like = (name: string, changes: Args) => {
    const { type, args } = BASE.find((one) => one.name === name)!;
    return declare(type, `more-${name}`, { ...args, ...changes });
  };
  const more = [
    like("network", {}),
    like("machine", {}),
    like("address", {}),
    like("postgresql", { identifier: "other" }),
  ];
  const { errorsOf } = await stack.up([...BASE, ...more], "--continue-on-error");
  stack.setAccount({});
  assert.match(errorsOf("more-network"), /VpcLimitExceeded: The maximum number of VPCs/);
  assert.match(errorsOf("more-machine"), /VcpuLimitExceeded: .*current vCPU limit of 3 allows/);
  assert.match(errorsOf("more-address"), /AddressLimitExceeded: The maximum number of addresses/);
  assert.match(errorsOf("more-postgresql"), /InstanceQuotaExceeded/);
});

test("provoked faults come in the words of AWS, and the next run goes on", async () => {
  stack.setFaults([
    { kind: "error", type: "Vpc", operation: "create" },
    { kind: "quota", type: "Eip" },
    { kind: "nameTaken", type: "KeyPair" },
  ]);
  const more = [
    declare("ec2.Vpc", "fault-vpc", { cidrBlock: "10.7.0.0/16" }),
    declare("ec2.Eip", "fault-address", {}),
    declare("ec2.KeyPair", "fault-key", {
      keyName: "fault",
      publicKey: SERVER[0]!.args["publicKey"],
    }),
  ];
  const first = await stack.up([...BASE, ...more], "--continue-on-error");
  assert.match(first.errorsOf("fault-vpc"), /EC2: CreateVpc, .*StatusCode: 500.*InternalError/);
  assert.match(first.errorsOf("fault-address"), /AllocateAddress, .*AddressLimitExceeded/);
  assert.match(first.errorsOf("fault-key"), /ImportKeyPair, .*InvalidKeyPair\.Duplicate/);
  const second = await stack.up([...BASE, ...more]);
  assert.ok(second.ok, second.printed);
});

test("keys that are not the account's are refused", async () => {
  const stranger = await AwsStack.make({ AWS_ACCESS_KEY_ID: "AKIASTRANGER" });
  try {
    const { errors } = await stranger.up([NETWORK[0]!]);
    assert.match(errors, /StatusCode: 403, .*InvalidClientTokenId: The security token included/);
  } finally {
    stranger.remove();
  }
});
