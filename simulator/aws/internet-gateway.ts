import { hexId } from "../core/ids";
import { arn } from "./account";
import { refuse } from "./errors";
import { addresses, instances, internetGateways, subnets, vpcs } from "./kinds";
import { type AwsCall, awsType, common, find } from "./resource";
import { isGiven, text } from "./values";

/** The way from a network to the internet and back. */
export const internetGateway = awsType({
  kind: internetGateways,
  noun: "EC2 Internet Gateway",
  create: (call, inputs) => {
    const id = hexId("igw-");
    const vpcId = text(inputs["vpcId"]);
    checkAttachable(call, id, vpcId);
    return {
      id,
      outputs: {
        ...common(inputs),
        arn: arn(call.aws, "ec2", `internet-gateway/${id}`),
        vpcId,
        ownerId: call.aws.accountId,
      },
    };
  },
  update: (call, kept, inputs) => {
    const vpcId = text(inputs["vpcId"]);
    if (vpcId !== text(kept.outputs["vpcId"])) checkAttachable(call, kept.id, vpcId);
    return { ...kept, outputs: { ...kept.outputs, vpcId } };
  },
  retried: ["DependencyViolation"],
  delete: (call, { outputs }) => {
    const vpcId = text(outputs["vpcId"]);
    const members = call.state
      .list(instances)
      .filter((instance) => vpcOf(call, text(instance.outputs["subnetId"])) === vpcId)
      .map(({ id }) => id);
    const isMapped = call.state
      .list(addresses)
      .some(({ association }) => members.includes(association?.instance ?? ""));
    const hasPublic = members.some((id) =>
      isGiven(call.state.get(instances, id)?.outputs["publicIp"]),
    );
    if (isMapped || hasPublic) {
      const message = `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`;
      throw refuse("EC2", "DetachInternetGateway", "DependencyViolation", message);
    }
  },
});

function vpcOf(call: AwsCall, subnetId: string): string {
  return text(call.state.get(subnets, subnetId)?.outputs["vpcId"]);
}

function checkAttachable(call: AwsCall, id: string, vpcId: string): void {
  if (vpcId === "") return;
  find(call, vpcs, vpcId, () =>
    refuse(
      "EC2",
      "AttachInternetGateway",
      "InvalidVpcID.NotFound",
      `The vpc ID '${vpcId}' does not exist`,
    ),
  );
  const other = call.state
    .list(internetGateways)
    .find((gateway) => gateway.id !== id && gateway.outputs["vpcId"] === vpcId);
  if (other !== undefined) {
    const message = `Network ${vpcId} already has an internet gateway attached`;
    throw refuse("EC2", "AttachInternetGateway", "InvalidParameterValue", message);
  }
}
