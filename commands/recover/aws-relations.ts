import { crc32 } from "node:zlib";
import * as ec2 from "@aws-sdk/client-ec2";

type Inputs = Readonly<Record<string, unknown>>;

/** Finds relations between things of AWS: they have no name of their own, but what they join. */
export const RELATIONS: Readonly<
  Record<string, (compute: ec2.EC2Client, inputs: Inputs) => Promise<(string | undefined)[]>>
> = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (compute, inputs) =>
    findRules(compute, inputs, false),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (compute, inputs) =>
    findRules(compute, inputs, true),

  "aws:ec2/routeTableAssociation:RouteTableAssociation": async (compute, inputs) => {
    const tables = await routeTables(compute, inputs.routeTableId);
    return tables
      .flatMap(({ Associations }) => Associations ?? [])
      .filter(({ SubnetId }) => SubnetId !== undefined && SubnetId === inputs.subnetId)
      .map(({ RouteTableAssociationId }) => RouteTableAssociationId);
  },

  "aws:ec2/route:Route": async (compute, { routeTableId, destinationCidrBlock }) => {
    const tables = await routeTables(compute, routeTableId);
    const destinations = tables
      .flatMap(({ Routes }) => Routes ?? [])
      .map(({ DestinationCidrBlock }) => DestinationCidrBlock);
    const destination = String(destinationCidrBlock);
    // The provider makes this id itself; the API has none.
    return destinations.includes(destination)
      ? [`r-${String(routeTableId)}${String(crc32(destination))}`]
      : [];
  },
};

async function routeTables(compute: ec2.EC2Client, id: unknown): Promise<ec2.RouteTable[]> {
  const filter = { Name: "route-table-id", Values: [String(id)] };
  const command = new ec2.DescribeRouteTablesCommand({ Filters: [filter] });
  return (await compute.send(command)).RouteTables ?? [];
}

async function findRules(
  compute: ec2.EC2Client,
  inputs: Inputs,
  isEgress: boolean,
): Promise<(string | undefined)[]> {
  const filter = { Name: "group-id", Values: [String(inputs.securityGroupId)] };
  const command = new ec2.DescribeSecurityGroupRulesCommand({ Filters: [filter] });
  const rules = (await compute.send(command)).SecurityGroupRules ?? [];
  return rules
    .filter(
      (rule) =>
        (rule.IsEgress ?? false) === isEgress &&
        rule.IpProtocol === inputs.ipProtocol &&
        samePort(rule.FromPort, inputs.fromPort) &&
        samePort(rule.ToPort, inputs.toPort) &&
        rule.CidrIpv4 === inputs.cidrIpv4 &&
        rule.CidrIpv6 === inputs.cidrIpv6 &&
        rule.ReferencedGroupInfo?.GroupId === inputs.referencedSecurityGroupId,
    )
    .map(({ SecurityGroupRuleId }) => SecurityGroupRuleId);
}

// The API says -1 where a rule is for every port.
function samePort(port: number | undefined, given: unknown): boolean {
  return (port ?? -1) === (given ?? -1);
}
