import * as ec2 from "@aws-sdk/client-ec2";
import * as rds from "@aws-sdk/client-rds";
import * as route53 from "@aws-sdk/client-route-53";
import { RELATIONS } from "./aws-relations";
import type { Found, Lookup } from "./lookup";

type Inputs = Readonly<Record<string, unknown>>;
type Find = (inputs: Inputs) => Promise<(string | undefined)[]>;

// Made at the first use: without credentials or a region they can't be.
let computeClient: ec2.EC2Client | undefined;
let databaseClient: rds.RDSClient | undefined;
let namesClient: route53.Route53Client | undefined;
const compute = (): ec2.EC2Client => (computeClient ??= new ec2.EC2Client({}));
const databases = (): rds.RDSClient => (databaseClient ??= new rds.RDSClient({}));
const names = (): route53.Route53Client => (namesClient ??= new route53.Route53Client({}));

// Every resource of ours bears its name as a tag.
function named(inputs: Inputs): ec2.Filter[] {
  const { Name: name } = (inputs.tags ?? {}) as { Name?: string };
  if (name === undefined) throw new Error("it has no tag Name to be found by");
  return [{ Name: "tag:Name", Values: [name] }];
}

const FINDERS: Readonly<Record<string, Find>> = {
  "aws:ec2/vpc:Vpc": async (inputs) => {
    const { Vpcs } = await compute().send(new ec2.DescribeVpcsCommand({ Filters: named(inputs) }));
    return (Vpcs ?? []).map(({ VpcId }) => VpcId);
  },
  "aws:ec2/subnet:Subnet": async (inputs) => {
    const command = new ec2.DescribeSubnetsCommand({ Filters: named(inputs) });
    return ((await compute().send(command)).Subnets ?? []).map(({ SubnetId }) => SubnetId);
  },
  "aws:ec2/internetGateway:InternetGateway": async (inputs) => {
    const command = new ec2.DescribeInternetGatewaysCommand({ Filters: named(inputs) });
    const { InternetGateways } = await compute().send(command);
    return (InternetGateways ?? []).map(({ InternetGatewayId }) => InternetGatewayId);
  },
  "aws:ec2/routeTable:RouteTable": async (inputs) => {
    const command = new ec2.DescribeRouteTablesCommand({ Filters: named(inputs) });
    const { RouteTables } = await compute().send(command);
    return (RouteTables ?? []).map(({ RouteTableId }) => RouteTableId);
  },
  "aws:ec2/securityGroup:SecurityGroup": async (inputs) => {
    const command = new ec2.DescribeSecurityGroupsCommand({ Filters: named(inputs) });
    const { SecurityGroups } = await compute().send(command);
    return (SecurityGroups ?? []).map(({ GroupId }) => GroupId);
  },
  "aws:ec2/instance:Instance": async (inputs) => {
    const states = ["pending", "running", "stopping", "stopped"];
    const isThere = { Name: "instance-state-name", Values: states };
    const command = new ec2.DescribeInstancesCommand({ Filters: [...named(inputs), isThere] });
    const { Reservations } = await compute().send(command);
    return (Reservations ?? [])
      .flatMap(({ Instances }) => Instances ?? [])
      .map(({ InstanceId }) => InstanceId);
  },
  "aws:ec2/eip:Eip": async (inputs) => {
    const command = new ec2.DescribeAddressesCommand({ Filters: named(inputs) });
    return ((await compute().send(command)).Addresses ?? []).map(
      ({ AllocationId }) => AllocationId,
    );
  },
  "aws:ebs/volume:Volume": async (inputs) => {
    const command = new ec2.DescribeVolumesCommand({ Filters: named(inputs) });
    return ((await compute().send(command)).Volumes ?? []).map(({ VolumeId }) => VolumeId);
  },
  "aws:ec2/keyPair:KeyPair": async ({ keyName }) => {
    const filter = { Name: "key-name", Values: [String(keyName)] };
    const command = new ec2.DescribeKeyPairsCommand({ Filters: [filter] });
    return ((await compute().send(command)).KeyPairs ?? []).map(({ KeyName }) => KeyName);
  },
  "aws:rds/instance:Instance": async ({ identifier }) => {
    const { DBInstances } = await databases().send(new rds.DescribeDBInstancesCommand({}));
    return (DBInstances ?? [])
      .filter(({ DBInstanceIdentifier }) => DBInstanceIdentifier === identifier)
      .map(({ DBInstanceIdentifier, DbiResourceId }) => DbiResourceId ?? DBInstanceIdentifier);
  },
  "aws:rds/subnetGroup:SubnetGroup": async ({ name }) => {
    const { DBSubnetGroups } = await databases().send(new rds.DescribeDBSubnetGroupsCommand({}));
    return (DBSubnetGroups ?? [])
      .map(({ DBSubnetGroupName }) => DBSubnetGroupName)
      .filter((group) => group === name);
  },
  "aws:route53/record:Record": async ({ zoneId, name, type, records }) => {
    const command = new route53.ListResourceRecordSetsCommand({
      HostedZoneId: String(zoneId),
      StartRecordName: String(name),
      StartRecordType: String(type) as route53.RRType,
    });
    const wanted = `${String(name).replace(/\.$/, "")}. ${String(type)} ${values(records)}`;
    const { ResourceRecordSets } = await names().send(command);
    // The provider makes this id itself. A record that leads elsewhere is not what the killed up made.
    return (ResourceRecordSets ?? [])
      .map((set) => {
        const led = (set.ResourceRecords ?? []).map(({ Value }) => Value);
        return `${set.Name ?? ""} ${set.Type ?? ""} ${values(led)}`;
      })
      .filter((line) => line === wanted)
      .map(() => `${String(zoneId)}_${String(name)}_${String(type)}`);
  },
  "aws:rds/parameterGroup:ParameterGroup": async ({ name }) => {
    const command = new rds.DescribeDBParameterGroupsCommand({});
    const { DBParameterGroups } = await databases().send(command);
    return (DBParameterGroups ?? [])
      .map(({ DBParameterGroupName }) => DBParameterGroupName)
      .filter((group) => group === name);
  },
};

function values(list: unknown): string {
  return [...(list as string[])].sort().join(" ");
}

function findIds(type: string, inputs: Inputs): Promise<(string | undefined)[]> {
  return FINDERS[type]?.(inputs) ?? RELATIONS[type]?.(compute(), inputs) ?? Promise.resolve([]);
}

/**
 * Looks things up at AWS by their tag Name, by their name where that is their id, or by what they join. Credentials,
 * region and endpoint are those of the environment.
 */
export const aws: Lookup = {
  knows: (type) => type in FINDERS || type in RELATIONS,
  find: async (type, inputs): Promise<Found[]> =>
    (await findIds(type, inputs))
      .filter((id): id is string => id !== undefined)
      .map((id) => ({ id })),
};
