import type { Properties } from "../../toolchain/plugins/provider/values";
import { hexId, isoSeconds } from "../core/ids";
import { arn } from "./account";
import { refuse } from "./errors";
import { volumes } from "./kinds";
import { awsType, common } from "./resource";
import { checkZone } from "./subnet";
import { given, isGiven, number, text } from "./values";

const TYPES = ["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"];
const LARGEST_GB = 16_384;
const UNSIMULATED = ["snapshotId", "outpostArn", "multiAttachEnabled", "finalSnapshot"] as const;
const GP3 = { iops: 3000, throughput: 125 };

/** A disk that outlives the instance it is attached to. */
export const volume = awsType({
  kind: volumes,
  noun: "EBS Volume",
  check: complaints,
  create: (call, inputs) => {
    checkZone(text(inputs["availabilityZone"]), "CreateVolume");
    const size = number(inputs["size"]);
    if (size === undefined) {
      const message = "The request must contain the parameter size or snapshotId";
      throw refuse("EC2", "CreateVolume", "MissingParameter", message);
    }
    checkSize(size, "CreateVolume");
    const limit = call.aws.limits["volumes"];
    if (limit !== undefined && call.state.list(volumes).length >= limit) {
      const message = "You have exceeded your maximum volume limit.";
      throw refuse("EC2", "CreateVolume", "VolumeLimitExceeded", message);
    }
    const id = hexId("vol-");
    return {
      id,
      outputs: {
        ...common(inputs),
        arn: arn(call.aws, "ec2", `volume/${id}`),
        availabilityZone: text(inputs["availabilityZone"]),
        createTime: isoSeconds(),
        encrypted: inputs["encrypted"] ?? false,
        kmsKeyId: inputs["kmsKeyId"] ?? "",
        finalSnapshot: false,
        multiAttachEnabled: false,
        outpostArn: "",
        snapshotId: "",
        volumeInitializationRate: 0,
        ...changeable(inputs),
      },
    };
  },
  finish: (call, made) => {
    call.machines.createVolume(made.id, number(made.outputs["size"]) ?? 0);
    return Promise.resolve(made);
  },
  updatesSlowly: true,
  update: async (call, kept, inputs) => {
    const before = number(kept.outputs["size"]) ?? 0;
    const size = number(inputs["size"]) ?? before;
    if (size < before) {
      const message = `New size cannot be smaller than existing size`;
      throw refuse("EC2", "ModifyVolume", "InvalidParameterValue", message);
    }
    checkSize(size, "ModifyVolume");
    if (size > before) await call.machines.growVolume(kept.id, size);
    return { ...kept, outputs: { ...kept.outputs, ...changeable({ ...inputs, size }) } };
  },
  retried: ["VolumeInUse"],
  delete: (call, { id }) => {
    const attached = call.state.get(volumes, id)?.attachedTo;
    if (attached !== undefined) {
      const message = `Volume ${id} is currently attached to ${attached.instance}`;
      throw refuse("EC2", "DeleteVolume", "VolumeInUse", message);
    }
  },
  dismantle: (call, { id }) => call.machines.removeVolume(id),
});

function complaints(inputs: Properties): string[] {
  const type = text(inputs["type"]);
  return [
    ...(type !== "" && !TYPES.includes(type)
      ? [`"type": ${type} is none of ${TYPES.join(", ")}`]
      : []),
    ...(isGiven(inputs["throughput"]) && type !== "gp3"
      ? [`"throughput": only with type gp3`]
      : []),
    ...(isGiven(inputs["iops"]) && !["gp3", "io1", "io2"].includes(type)
      ? [`"iops": only with types gp3, io1 and io2`]
      : []),
    ...given(inputs, UNSIMULATED)
      .filter((name) => inputs[name] !== false)
      .map((name) => `"${name}": the simulator does not have it`),
  ];
}

function changeable(inputs: Properties): Properties {
  const type = text(inputs["type"]) || "gp2";
  const isGp3 = type === "gp3";
  return {
    type,
    size: number(inputs["size"]) ?? 0,
    iops: inputs["iops"] ?? (isGp3 ? GP3.iops : 100),
    throughput: inputs["throughput"] ?? (isGp3 ? GP3.throughput : 0),
  };
}

function checkSize(size: number, operation: string): void {
  if (size < 1 || size > LARGEST_GB) {
    const message = `Volume of ${size}GiB is invalid; allowed are 1 to ${LARGEST_GB}GiB`;
    throw refuse("EC2", operation, "InvalidParameterValue", message);
  }
}
