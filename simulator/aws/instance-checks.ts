import type { Properties, Value } from "../../toolchain/plugins/provider/values";
import type { AwsAccount, InstanceType } from "./account";
import { refuse } from "./errors";
import { instances, keyPairs, securityGroups, subnets } from "./kinds";
import { type AwsCall, find, type Stored } from "./resource";
import { conflict, fields, given, isGiven, number, text, texts } from "./values";

const LARGEST_USER_DATA = 16_384;
const UNSIMULATED = [
  "capacityReservationSpecification",
  "cpuOptions",
  "ebsBlockDevices",
  "enclaveOptions",
  "ephemeralBlockDevices",
  "hibernation",
  "hostId",
  "hostResourceGroupArn",
  "iamInstanceProfile",
  "instanceMarketOptions",
  "ipv6AddressCount",
  "ipv6Addresses",
  "launchTemplate",
  "networkInterfaces",
  "placementGroup",
  "placementGroupId",
  "placementPartitionNumber",
  "primaryNetworkInterface",
  "privateIp",
  "secondaryNetworkInterfaces",
  "secondaryPrivateIps",
  "securityGroups",
] as const;

/** What the provider refuses before it calls AWS. */
export function instanceComplaints(inputs: Properties): string[] {
  const { httpTokens, httpEndpoint, httpPutResponseHopLimit } = fields(inputs["metadataOptions"]);
  const hops = number(httpPutResponseHopLimit);
  const size = text(inputs["userData"]).length;
  return [
    ...given(inputs, UNSIMULATED).map((name) => `"${name}": the simulator does not have it`),
    ...conflict(inputs, "userData", "userDataBase64"),
    ...(size > LARGEST_USER_DATA
      ? [
          `expected length of user_data to be in the range (0 - ${LARGEST_USER_DATA}), got ${size} characters`,
        ]
      : []),
    ...oneOf("metadataOptions.httpTokens", httpTokens, ["optional", "required"]),
    ...oneOf("metadataOptions.httpEndpoint", httpEndpoint, ["enabled", "disabled"]),
    ...(hops !== undefined && (hops < 1 || hops > 64)
      ? [`"metadataOptions.httpPutResponseHopLimit" is ${hops}; allowed are 1 to 64`]
      : []),
  ];
}

/** What AWS refuses when an instance is started; gives its subnet and type. */
export function checkedStart(
  call: AwsCall,
  inputs: Properties,
): { subnet: Stored; type: InstanceType } {
  const refused = (code: string, message: string) => refuse("EC2", "RunInstances", code, message);
  if (!isGiven(inputs["ami"]) || !isGiven(inputs["instanceType"])) {
    throw refused("MissingParameter", "The request must contain the parameters ami, instanceType");
  }
  const ami = text(inputs["ami"]);
  const image = call.aws.images.find(({ id }) => id === ami);
  if (image === undefined) {
    const isMalformed = !/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(ami);
    throw isMalformed
      ? refused("InvalidAMIID.Malformed", `Invalid id: "${ami}"`)
      : refused("InvalidAMIID.NotFound", `The image id '[${ami}]' does not exist`);
  }
  const type = checkedType(call, text(inputs["instanceType"]), "RunInstances");
  if (!type.architectures.includes(image.architecture)) {
    const message =
      `The architecture '${type.architectures.join(",")}' of the specified instance type does not match the ` +
      `architecture '${image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`;
    throw refused("InvalidParameterValue", message);
  }
  const subnetId = text(inputs["subnetId"]);
  const subnet = find(call, subnets, subnetId, () =>
    subnetId === ""
      ? refused("MissingInput", "No subnets found for the default VPC. Please specify a subnet.")
      : refused("InvalidSubnetID.NotFound", `The subnet ID '${subnetId}' does not exist`),
  );
  const zone = text(inputs["availabilityZone"]);
  if (zone !== "" && zone !== subnet.outputs["availabilityZone"]) {
    const message = `Subnet ${subnetId} is not in availability zone ${zone}`;
    throw refused("InvalidParameterValue", message);
  }
  const key = text(inputs["keyName"]);
  if (key !== "" && call.state.get(keyPairs, key) === undefined) {
    throw refused("InvalidKeyPair.NotFound", `The key pair '${key}' does not exist`);
  }
  checkGroups(call, texts(inputs["vpcSecurityGroupIds"]), text(subnet.outputs["vpcId"]));
  checkCapacity(call, type, "RunInstances");
  return { subnet, type };
}

/** Refuses an instance type that the account does not have. */
export function checkedType(call: AwsCall, name: string, operation: string): InstanceType {
  const type = call.aws.instanceTypes.find((one) => one.type === name);
  if (type !== undefined) return type;
  const message = `Invalid value '${name}' for InstanceType.`;
  throw refuse("EC2", operation, "InvalidParameterValue", message);
}

/** Refuses groups that are not there or belong to another network. */
export function checkGroups(call: AwsCall, groups: readonly string[], vpcId: string): void {
  for (const id of groups) {
    const group = find(call, securityGroups, id, () => {
      const message = `The security group '${id}' does not exist`;
      return refuse("EC2", "RunInstances", "InvalidGroup.NotFound", message);
    });
    if (group.outputs["vpcId"] !== vpcId) {
      const message = `Security group ${id} and subnet belong to different networks.`;
      throw refuse("EC2", "RunInstances", "InvalidParameter", message);
    }
  }
}

/** Refuses what would take more processors than the account may have. */
export function checkCapacity(
  call: AwsCall,
  type: InstanceType,
  operation: string,
  leaving = "",
): void {
  const limit = call.aws.limits["vcpus"];
  const used = call.state
    .list(instances)
    .filter(({ id }) => id !== leaving)
    .reduce((sum, { outputs }) => sum + vcpus(call.aws, text(outputs["instanceType"])), 0);
  if (limit === undefined || used + type.vcpus <= limit) return;
  const message =
    `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket ` +
    `that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`;
  throw refuse("EC2", operation, "VcpuLimitExceeded", message);
}

function vcpus(account: AwsAccount, name: string): number {
  return account.instanceTypes.find(({ type }) => type === name)?.vcpus ?? 0;
}

function oneOf(name: string, value: Value | undefined, words: string[]): string[] {
  if (!isGiven(value) || words.includes(text(value))) return [];
  return [`expected ${name} to be one of ${words.join(", ")}, got ${text(value)}`];
}
