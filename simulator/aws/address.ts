import type { Properties } from "../../toolchain/plugins/provider/values";
import { hexId } from "../core/ids";
import { arn } from "./account";
import { refuse } from "./errors";
import { addressAssociations, addresses, instances } from "./kinds";
import { type AwsCall, awsType, common, find } from "./resource";
import { provider } from "./provider";
import { given, text } from "./values";

const UNSIMULATED = [
  "address",
  "associateWithPrivateIp",
  "customerOwnedIpv4Pool",
  "instance",
  "ipamPoolId",
  "networkBorderGroup",
  "networkInterface",
  "publicIpv4Pool",
] as const;

/** The public name that AWS gives an address. */
export function publicName(address: string): string {
  if (address === "") return "";
  return `ec2-${address.replaceAll(".", "-")}.${provider().region}.compute.amazonaws.com`;
}

/** A public address of the account (an Elastic IP). */
export const address = awsType({
  kind: addresses,
  noun: "EC2 EIP",
  check: (inputs) =>
    given(inputs, UNSIMULATED).map(
      (name) => `"${name}": the simulator associates addresses by aws.ec2.EipAssociation only`,
    ),
  create: (call, inputs) => {
    const limit = call.aws.limits["addresses"];
    if (limit !== undefined && call.state.list(addresses).length >= limit) {
      const message = "The maximum number of addresses has been reached.";
      throw refuse("EC2", "AllocateAddress", "AddressLimitExceeded", message);
    }
    const id = hexId("eipalloc-");
    return {
      id,
      outputs: {
        ...common(inputs),
        allocationId: id,
        arn: arn(call.aws, "ec2", `elastic-ip/${id}`),
        domain: "vpc",
        publicIp: "",
        publicDns: "",
      },
    };
  },
  finish: async (call, made) => {
    const publicIp = await call.machines.allocateAddress();
    const names = { publicIp, publicDns: publicName(publicIp) };
    return { ...made, outputs: { ...made.outputs, ...names } };
  },
  tell: (_call, { outputs, association }) => ({
    ...outputs,
    instance: association?.instance ?? "",
    associationId: association?.id ?? "",
  }),
  delete: (call, { id }, state) => {
    const record = call.state.get(addresses, id);
    if (record?.association === undefined) return;
    // What its own state knows as associated the provider takes off first.
    if (text(state["associationId"]) === record.association.id) return;
    const message = `Address ${text(record.outputs["publicIp"])} is in use.`;
    throw refuse("EC2", "ReleaseAddress", "InvalidIPAddress.InUse", message);
  },
  dismantle: (call, { outputs }) => call.machines.releaseAddress(text(outputs["publicIp"])),
});

/** Leads an address to an instance. */
export const addressAssociation = awsType({
  kind: addressAssociations,
  noun: "EC2 EIP Association",
  tagged: false,
  check: (inputs) =>
    given(inputs, ["networkInterfaceId", "privateIpAddress", "publicIp"]).map(
      (name) => `"${name}": the simulator takes allocationId and instanceId`,
    ),
  create: (call, inputs) => {
    const [allocationId, instanceId] = [text(inputs["allocationId"]), text(inputs["instanceId"])];
    const refused = (code: string, message: string) =>
      refuse("EC2", "AssociateAddress", code, message);
    const found = find(call, addresses, allocationId, () =>
      refused("InvalidAllocationID.NotFound", `The allocation ID '${allocationId}' does not exist`),
    );
    const instance = find(call, instances, instanceId, () =>
      refused("InvalidInstanceID.NotFound", `The instance ID '${instanceId}' does not exist`),
    );
    const before = found.association;
    if (before !== undefined && inputs["allowReassociation"] !== true) {
      const message = `resource ${allocationId} is already associated with associate-id ${before.id}`;
      throw refused("Resource.AlreadyAssociated", message);
    }
    if (before !== undefined) call.state.remove(addressAssociations, before.id);
    const id = hexId("eipassoc-");
    call.state.put(addresses, allocationId, {
      ...found,
      association: { id, instance: instanceId },
    });
    return { id, outputs: associationOutputs(inputs, found.outputs, instance.outputs) };
  },
  finish: async (call, made) => {
    await call.machines.assign(text(made.outputs["publicIp"]), text(made.outputs["instanceId"]));
    return made;
  },
  dismantle: async (call, { id, outputs }) => {
    const allocationId = text(outputs["allocationId"]);
    // With create-before-delete the address belongs to the new association by now.
    if (call.state.get(addresses, allocationId)?.association?.id !== id) return;
    await call.machines.assign(text(outputs["publicIp"]));
    await call.state.locked(() => {
      forgetAssociation(call, allocationId);
    });
  },
});

/** Takes the mark of an association off an address. */
export function forgetAssociation(call: AwsCall, allocationId: string): void {
  const found = call.state.get(addresses, allocationId);
  if (found === undefined) return;
  const { association: _before, ...rest } = found;
  call.state.put(addresses, allocationId, rest);
}

function associationOutputs(
  inputs: Properties,
  found: Properties,
  instance: Properties,
): Properties {
  return {
    ...common(inputs, false),
    allocationId: inputs["allocationId"] ?? null,
    allowReassociation: inputs["allowReassociation"] ?? null,
    instanceId: inputs["instanceId"] ?? null,
    networkInterfaceId: instance["primaryNetworkInterfaceId"] ?? "",
    privateIpAddress: instance["privateIp"] ?? "",
    publicIp: found["publicIp"] ?? "",
  };
}
