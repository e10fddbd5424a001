import type { Declared } from "../contract/stack";
import type { Args } from "./aws-stack";

/** One resource; `$name.output` in its arguments stands for an output of another. */
export function declare(
  type: string,
  name: string,
  args: Args,
  options: Declared["options"] = {},
): Declared {
  return { type, name, args, options };
}

/** The resource of this name with other arguments; those that are undefined are left out. */
export function changed(resources: readonly Declared[], name: string, args: Args): Declared[] {
  return resources.map((one) =>
    one.name === name ? { ...one, args: { ...one.args, ...args } } : one,
  );
}

/** All resources but some. */
export function without(resources: readonly Declared[], ...names: string[]): Declared[] {
  return resources.filter(({ name }) => !names.includes(name));
}

/** The resources without those that name one which is not among them, and those that name these in turn. */
export function whole(resources: readonly Declared[]): Declared[] {
  const names = resources.map(({ name }) => name);
  const named = (one: Declared) =>
    [...JSON.stringify(one.args).matchAll(/"\$([\w-]+)\./g)].map(([, name = ""]) => name);
  const kept = resources.filter((one) => named(one).every((name) => names.includes(name)));
  return kept.length === resources.length ? kept : whole(kept);
}

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl4F0mrhnxMVGBWjvfmIKQ2mNa0uQ6pPMvUIIf1Gn2z";
const HASH = "a1b2c3d4e5";

/** A network with two zones and groups for a server and a database. */
export const NETWORK: Declared[] = [
  declare("ec2.Vpc", "network", { cidrBlock: "10.42.0.0/16", enableDnsHostnames: true }),
  ...["a", "b"].map((zone, index) =>
    declare("ec2.Subnet", `subnet-${zone}`, {
      vpcId: "$network.id",
      cidrBlock: `10.42.${index}.0/24`,
      availabilityZone: `eu-central-1${zone}`,
    }),
  ),
  declare("ec2.InternetGateway", "gateway", { vpcId: "$network.id" }),
  declare("ec2.RouteTable", "routes", { vpcId: "$network.id" }),
  declare("ec2.Route", "route", {
    routeTableId: "$routes.id",
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: "$gateway.id",
  }),
  declare("ec2.RouteTableAssociation", "association", {
    routeTableId: "$routes.id",
    subnetId: "$subnet-a.id",
  }),
  declare("ec2.SecurityGroup", "server", { name: "server", vpcId: "$network.id" }),
  declare("ec2.SecurityGroup", "database", { name: "database", vpcId: "$network.id" }),
  declare("vpc.SecurityGroupIngressRule", "ssh", {
    securityGroupId: "$server.id",
    ipProtocol: "tcp",
    fromPort: 22,
    toPort: 22,
    cidrIpv4: "198.51.100.7/32",
  }),
  declare("vpc.SecurityGroupEgressRule", "out", {
    securityGroupId: "$server.id",
    ipProtocol: "-1",
    cidrIpv4: "0.0.0.0/0",
  }),
  declare("vpc.SecurityGroupIngressRule", "postgres", {
    securityGroupId: "$database.id",
    ipProtocol: "tcp",
    fromPort: 5432,
    toPort: 5432,
    referencedSecurityGroupId: "$server.id",
  }),
];

/** A server with its volume, address and name. */
export const SERVER: Declared[] = [
  declare("ec2.KeyPair", "key", { keyName: "berth", publicKey: `${KEY} berth` }),
  declare("ec2.Instance", "machine", {
    ami: "ami-0123456789abcdef0",
    instanceType: "t3.medium",
    subnetId: "$subnet-a.id",
    vpcSecurityGroupIds: ["$server.id"],
    keyName: "$key.keyName",
    associatePublicIpAddress: true,
    metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize: 20 },
    userData: "#cloud-config\n{}\n",
  }),
  declare("ebs.Volume", "volume", {
    availabilityZone: "eu-central-1a",
    size: 20,
    type: "gp3",
    encrypted: true,
  }),
  declare(
    "ec2.VolumeAttachment",
    "attachment",
    { deviceName: "/dev/sdf", instanceId: "$machine.id", volumeId: "$volume.id" },
    { deleteBeforeReplace: true },
  ),
  declare("ec2.Eip", "address", { domain: "vpc" }),
  declare("ec2.EipAssociation", "address-association", {
    allocationId: "$address.id",
    instanceId: "$machine.id",
    allowReassociation: true,
  }),
  declare("route53.Record", "record", {
    zoneId: "Z0123456789ABCDEFGHIJ",
    name: "staging.battery-hub.example",
    type: "A",
    ttl: 300,
    records: ["$address.publicIp"],
  }),
];

/** A database in the network. */
export const DATABASE: Declared[] = [
  declare("rds.SubnetGroup", "subnets", {
    name: "berth",
    subnetIds: ["$subnet-a.id", "$subnet-b.id"],
  }),
  declare("rds.ParameterGroup", "parameters", {
    name: "berth",
    family: "postgres17",
    parameters: [{ name: "rds.force_ssl", value: "1" }],
  }),
  declare("rds.Instance", "postgresql", {
    identifier: "berth",
    engine: "postgres",
    engineVersion: "17",
    instanceClass: "db.t4g.small",
    allocatedStorage: 20,
    storageType: "gp3",
    storageEncrypted: true,
    dbName: "hub",
    username: "beppp",
    password: "master-word-1",
    dbSubnetGroupName: "$subnets.name",
    vpcSecurityGroupIds: ["$database.id"],
    parameterGroupName: "$parameters.name",
    applyImmediately: true,
    backupRetentionPeriod: 7,
    deletionProtection: false,
    finalSnapshotIdentifier: `berth-final-${HASH}`,
  }),
];
