import { createHash } from "node:crypto";
import { hexId } from "../core/ids";
import { arn } from "./account";
import { cidrComplaint, isWithin, overlaps } from "./cidr";
import { refuse } from "./errors";
import { databases, databaseSubnetGroups, instances, subnets, vpcs } from "./kinds";
import { type AwsCall, awsType, common, find } from "./resource";
import { provider } from "./provider";
import { conflict, isGiven, text, texts } from "./values";

const UPDATABLE = [
  "assignIpv6AddressOnCreation",
  "enableDns64",
  "enableResourceNameDnsARecordOnLaunch",
  "enableResourceNameDnsAaaaRecordOnLaunch",
  "mapPublicIpOnLaunch",
] as const;

/** A part of a network in one zone. */
export const subnet = awsType({
  kind: subnets,
  noun: "EC2 Subnet",
  check: (inputs) => {
    const cidr = inputs["cidrBlock"];
    const complaint = isGiven(cidr) ? cidrComplaint(text(cidr), 16, 28) : "";
    return [
      ...conflict(inputs, "availabilityZone", "availabilityZoneId"),
      ...(complaint === "" ? [] : [`"cidrBlock": ${complaint}`]),
    ];
  },
  create: (call, inputs) => {
    const vpcId = text(inputs["vpcId"]);
    const vpc = find(call, vpcs, vpcId, () =>
      refuse(
        "EC2",
        "CreateSubnet",
        "InvalidVpcID.NotFound",
        `The vpc ID '${vpcId}' does not exist`,
      ),
    );
    const cidr = text(inputs["cidrBlock"]);
    checkRange(call, vpcId, cidr, text(vpc.outputs["cidrBlock"]));
    const zone = text(inputs["availabilityZone"]) || `${provider().region}a`;
    checkZone(zone, "CreateSubnet");
    const id = hexId("subnet-");
    return {
      id,
      outputs: {
        ...common(inputs),
        arn: arn(call.aws, "ec2", `subnet/${id}`),
        vpcId,
        cidrBlock: cidr,
        availabilityZone: zone,
        availabilityZoneId: zoneId(zone),
        ipv6Native: false,
        ipv6CidrBlock: "",
        ipv6CidrBlockAssociationId: "",
        privateDnsHostnameTypeOnLaunch: "ip-name",
        ownerId: call.aws.accountId,
        ...Object.fromEntries(UPDATABLE.map((name) => [name, inputs[name] ?? false])),
      },
    };
  },
  update: (_call, kept, inputs) => ({
    ...kept,
    outputs: {
      ...kept.outputs,
      ...Object.fromEntries(UPDATABLE.map((name) => [name, inputs[name] ?? false])),
    },
  }),
  retried: ["DependencyViolation"],
  delete: (call, { id }) => {
    const isUsed =
      call.state.list(instances).some(({ outputs }) => outputs["subnetId"] === id) ||
      call.state
        .list(databases)
        .some(({ outputs }) =>
          texts(
            call.state.get(databaseSubnetGroups, text(outputs["dbSubnetGroupName"]))?.outputs[
              "subnetIds"
            ],
          ).includes(id),
        );
    if (isUsed) {
      const message = `The subnet '${id}' has dependencies and cannot be deleted.`;
      throw refuse("EC2", "DeleteSubnet", "DependencyViolation", message);
    }
  },
});

/** Refuses a zone that the provider's region does not have. */
export function checkZone(zone: string, operation: string): void {
  const { region } = provider();
  const zones = ["a", "b", "c"].map((letter) => region + letter);
  if (!zones.includes(zone)) {
    const message = `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.join(", ")}.`;
    throw refuse("EC2", operation, "InvalidParameterValue", message);
  }
}

function checkRange(call: AwsCall, vpcId: string, cidr: string, network: string): void {
  if (!isGiven(cidr)) {
    const message = "Either 'ipv4_cidr_block' or 'ipv4_ipam_pool_id' should be provided.";
    throw refuse("EC2", "CreateSubnet", "MissingParameter", message);
  }
  if (!isWithin(cidr, network)) {
    const message = `The CIDR '${cidr}' is invalid.`;
    throw refuse("EC2", "CreateSubnet", "InvalidSubnet.Range", message);
  }
  const others = call.state.list(subnets).filter(({ outputs }) => outputs["vpcId"] === vpcId);
  if (others.some(({ outputs }) => overlaps(cidr, text(outputs["cidrBlock"])))) {
    const message = `The CIDR '${cidr}' conflicts with another subnet`;
    throw refuse("EC2", "CreateSubnet", "InvalidSubnet.Conflict", message);
  }
}

/** Zone ids are shuffled from account to account; here they only have the form. */
function zoneId(zone: string): string {
  const digit = createHash("sha256").update(zone).digest()[0] ?? 0;
  return `${zone.replace(/^(\w\w)-(\w).*-(\d)\w$/, "$1$2$3")}-az${(digit % 3) + 1}`;
}
