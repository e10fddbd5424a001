import { hexId } from "../core/ids";
import { arn } from "./account";
import { cidrComplaint } from "./cidr";
import { refuse } from "./errors";
import { internetGateways, routeTables, securityGroups, subnets, vpcs } from "./kinds";
import { awsType, common } from "./resource";
import { isGiven, text } from "./values";

const MEMBERS = [subnets, internetGateways, routeTables, securityGroups];

/** A network of the account. */
export const vpc = awsType({
  kind: vpcs,
  noun: "EC2 VPC",
  check: (inputs) => {
    if (!isGiven(inputs["cidrBlock"])) return [];
    const complaint = cidrComplaint(text(inputs["cidrBlock"]), 16, 28);
    return complaint === "" ? [] : [`"cidrBlock": ${complaint}`];
  },
  create: (call, inputs) => {
    const limit = call.aws.limits["vpcs"];
    if (limit !== undefined && call.state.list(vpcs).length >= limit) {
      const message = "The maximum number of VPCs has been reached.";
      throw refuse("EC2", "CreateVpc", "VpcLimitExceeded", message);
    }
    if (!isGiven(inputs["cidrBlock"])) {
      const message =
        "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided; the simulator has no pools.";
      throw refuse("EC2", "CreateVpc", "MissingParameter", message);
    }
    const id = hexId("vpc-");
    const table = hexId("rtb-");
    return {
      id,
      outputs: {
        ...common(inputs),
        arn: arn(call.aws, "ec2", `vpc/${id}`),
        cidrBlock: inputs["cidrBlock"] ?? null,
        instanceTenancy: inputs["instanceTenancy"] ?? "default",
        enableDnsSupport: inputs["enableDnsSupport"] ?? true,
        enableDnsHostnames: inputs["enableDnsHostnames"] ?? false,
        enableNetworkAddressUsageMetrics: inputs["enableNetworkAddressUsageMetrics"] ?? false,
        assignGeneratedIpv6CidrBlock: inputs["assignGeneratedIpv6CidrBlock"] ?? false,
        ipv6AssociationId: "",
        ipv6CidrBlock: "",
        ipv6CidrBlockNetworkBorderGroup: "",
        defaultNetworkAclId: hexId("acl-"),
        defaultRouteTableId: table,
        mainRouteTableId: table,
        defaultSecurityGroupId: hexId("sg-"),
        dhcpOptionsId: hexId("dopt-"),
        ownerId: call.aws.accountId,
      },
    };
  },
  update: (_call, kept, inputs) => ({
    ...kept,
    outputs: {
      ...kept.outputs,
      enableDnsSupport: inputs["enableDnsSupport"] ?? true,
      enableDnsHostnames: inputs["enableDnsHostnames"] ?? false,
      enableNetworkAddressUsageMetrics: inputs["enableNetworkAddressUsageMetrics"] ?? false,
    },
  }),
  retried: ["DependencyViolation"],
  delete: (call, { id }) => {
    const isUsed = MEMBERS.some((kind) =>
      call.state.list(kind).some(({ outputs }) => outputs["vpcId"] === id),
    );
    if (isUsed) {
      const message = `The vpc '${id}' has dependencies and cannot be deleted.`;
      throw refuse("EC2", "DeleteVpc", "DependencyViolation", message);
    }
  },
});
