import type { Change } from "../../toolchain/plugins/provider/diff";
import type { Properties } from "../../toolchain/plugins/provider/values";
import { hexId } from "../core/ids";
import { arn } from "./account";
import { forgetAssociation, publicName } from "./address";
import { refuse } from "./errors";
import {
  checkCapacity,
  checkedStart,
  checkedType,
  checkGroups,
  instanceComplaints,
} from "./instance-checks";
import { addressAssociations, addresses, type InstanceRecord, instances, subnets } from "./kinds";
import { provider } from "./provider";
import { type AwsCall, awsType, common } from "./resource";
import { fields, number, text, texts } from "./values";
import { attachedVolumes, free } from "./volume-attachment";

const ROOT_GB = 8;
const REPLACING_PARTS = /^rootBlockDevice(\.encrypted|\.kmsKeyId)/;
const ARM = /^[a-z]+\d+g/;

/** A virtual machine: in a rehearsal a container that boots as one. */
export const instance = awsType({
  kind: instances,
  noun: "EC2 Instance",
  check: instanceComplaints,
  canonical: (inputs) => {
    const { userDataBase64, ...rest } = inputs;
    if (typeof userDataBase64 !== "string") return inputs;
    return { ...rest, userData: Buffer.from(userDataBase64, "base64").toString() };
  },
  adjust: (changes, news, state) =>
    changes.map((change) => ({ ...change, replaces: isReplacing(change, news, state) })),
  unread: ["userDataReplaceOnChange", "forceDestroy", "userDataBase64"],
  create: (call, inputs) => {
    const { subnet } = checkedStart(call, inputs);
    const id = hexId("i-");
    return {
      id,
      state: "pending",
      machine: id,
      outputs: {
        ...common(inputs),
        ...fixedOutputs(inputs, subnet.outputs),
        ...changeable(inputs),
        arn: arn(call.aws, "ec2", `instance/${id}`),
        primaryNetworkInterfaceId: hexId("eni-"),
        instanceState: "pending",
        privateIp: "",
        publicIp: "",
      },
    };
  },
  finish: async (call, made, inputs) => {
    const userData =
      text(inputs["userData"]) || Buffer.from(text(inputs["userDataBase64"]), "base64").toString();
    const address = await call.machines.create({
      name: made.machine,
      hostname: made.id,
      userData,
      faults: call.machineFaults,
    });
    const publicIp = made.outputs["associatePublicIpAddress"] === true ? address : "";
    return {
      ...made,
      state: "running",
      outputs: {
        ...made.outputs,
        instanceState: "running",
        privateIp: address,
        privateDns: `ip-${address.replaceAll(".", "-")}.${provider().region}.compute.internal`,
        publicIp,
        publicDns: publicName(publicIp),
      },
    };
  },
  // The address it was started with is given up for an associated one.
  tell: (call, { id, outputs }) => {
    const found = call.state
      .list(addresses)
      .find(({ association }) => association?.instance === id);
    if (found === undefined) return outputs;
    const publicIp = text(found.outputs["publicIp"]);
    const names = { publicIp, publicDns: publicName(publicIp), associatePublicIpAddress: true };
    return { ...outputs, ...names };
  },
  updatesSlowly: true,
  update: async (call, kept, inputs, olds) => {
    const subnet = call.state.get(subnets, text(kept.outputs["subnetId"]));
    checkGroups(call, texts(inputs["vpcSecurityGroupIds"]), text(subnet?.outputs["vpcId"]));
    checkRootDisk(kept, inputs);
    const before = text(kept.outputs["instanceType"]);
    const wanted = text(inputs["instanceType"]);
    if (wanted !== before) {
      const type = checkedType(call, wanted, "ModifyInstanceAttribute");
      checkCapacity(call, type, "StartInstances", kept.id);
    }
    const isRestarted =
      wanted !== before || text(inputs["userData"]) !== text(olds["userData"] ?? "");
    if (isRestarted) await restart(call, kept);
    return { ...kept, outputs: { ...kept.outputs, ...changeable(inputs) } };
  },
  delete: (call, { id }, state) => {
    const isKept = call.state.get(instances, id)?.outputs["disableApiTermination"] === true;
    if (isKept && state["forceDestroy"] !== true) {
      const message = `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
      throw refuse("EC2", "TerminateInstances", "OperationNotPermitted", message);
    }
  },
  dismantle: async (call, { id, machine }) => {
    for (const { id: volumeId } of attachedVolumes(call, id)) await call.machines.detach(volumeId);
    await call.machines.remove(machine);
    await call.state.locked(() => {
      for (const volume of attachedVolumes(call, id)) free(call, volume);
      for (const address of call.state.list(addresses)) {
        if (address.association?.instance !== id) continue;
        call.state.remove(addressAssociations, address.association.id);
        forgetAssociation(call, address.id);
      }
    });
  },
});

async function restart(call: AwsCall, kept: InstanceRecord): Promise<void> {
  call.log(`stopping and starting ${kept.id}`);
  call.state.put(instances, kept.id, { ...kept, state: "stopped" });
  await call.machines.stop(kept.machine);
  await call.machines.start(kept.machine);
  call.state.put(instances, kept.id, { ...kept, state: "running" });
}

function isReplacing(change: Change, news: Properties, state: Properties): boolean {
  const { property } = change;
  if (property === "userData" || property === "userDataBase64") {
    return news["userDataReplaceOnChange"] === true;
  }
  if (property === "instanceType") {
    const types = [text(news["instanceType"]), text(state["instanceType"])];
    return ARM.test(types[0] ?? "") !== ARM.test(types[1] ?? "");
  }
  return change.replaces || REPLACING_PARTS.test(change.path);
}

function checkRootDisk(kept: InstanceRecord, inputs: Properties): void {
  const [wanted, size] = [inputs, kept.outputs].map((side) =>
    number(fields(side["rootBlockDevice"])["volumeSize"]),
  );
  if (wanted !== undefined && size !== undefined && wanted < size) {
    const message = "New size cannot be smaller than existing size";
    throw refuse("EC2", "ModifyVolume", "InvalidParameterValue", message);
  }
}

function fixedOutputs(inputs: Properties, subnet: Properties): Properties {
  const isPublic = inputs["associatePublicIpAddress"] ?? subnet["mapPublicIpOnLaunch"] ?? false;
  return {
    ami: inputs["ami"] ?? null,
    associatePublicIpAddress: isPublic,
    availabilityZone: subnet["availabilityZone"] ?? null,
    subnetId: inputs["subnetId"] ?? null,
    keyName: inputs["keyName"] ?? "",
    tenancy: inputs["tenancy"] ?? "default",
    ebsOptimized: inputs["ebsOptimized"] ?? false,
    getPasswordData: false,
    passwordData: "",
    iamInstanceProfile: "",
    instanceInitiatedShutdownBehavior: inputs["instanceInitiatedShutdownBehavior"] ?? "stop",
    instanceLifecycle: "",
    ebsBlockDevices: [],
    ephemeralBlockDevices: [],
    ipv6Addresses: [],
    ipv6AddressCount: 0,
    networkInterfaces: [],
    secondaryPrivateIps: [],
    securityGroups: [],
    hostId: "",
    outpostArn: "",
    placementGroup: "",
    spotInstanceRequestId: "",
  };
}

function changeable(inputs: Properties): Properties {
  const root = fields(inputs["rootBlockDevice"]);
  const metadata = fields(inputs["metadataOptions"]);
  return {
    instanceType: inputs["instanceType"] ?? null,
    userData: inputs["userData"] ?? null,
    userDataBase64: inputs["userDataBase64"] ?? null,
    userDataReplaceOnChange: inputs["userDataReplaceOnChange"] ?? false,
    vpcSecurityGroupIds: [...texts(inputs["vpcSecurityGroupIds"])].sort(),
    monitoring: inputs["monitoring"] ?? false,
    disableApiStop: inputs["disableApiStop"] ?? false,
    disableApiTermination: inputs["disableApiTermination"] ?? false,
    forceDestroy: inputs["forceDestroy"] ?? false,
    sourceDestCheck: inputs["sourceDestCheck"] ?? true,
    metadataOptions: {
      httpEndpoint: metadata["httpEndpoint"] ?? "enabled",
      httpProtocolIpv6: metadata["httpProtocolIpv6"] ?? "disabled",
      httpPutResponseHopLimit: metadata["httpPutResponseHopLimit"] ?? 1,
      httpTokens: metadata["httpTokens"] ?? "optional",
      instanceMetadataTags: metadata["instanceMetadataTags"] ?? "disabled",
    },
    rootBlockDevice: {
      deleteOnTermination: root["deleteOnTermination"] ?? true,
      deviceName: "/dev/xvda",
      encrypted: root["encrypted"] ?? false,
      kmsKeyId: root["kmsKeyId"] ?? "",
      iops: root["iops"] ?? 3000,
      throughput: root["throughput"] ?? 125,
      volumeSize: root["volumeSize"] ?? ROOT_GB,
      volumeType: root["volumeType"] ?? "gp3",
    },
    volumeTags: inputs["volumeTags"] ?? null,
  };
}
