import { crc32 } from "node:zlib";
import { refuse } from "./errors";
import { instances, type VolumeRecord, volumeAttachments, volumes } from "./kinds";
import { type AwsCall, awsType, common, find } from "./resource";
import { text } from "./values";

/** Puts a volume into an instance of the same zone. */
export const volumeAttachment = awsType({
  kind: volumeAttachments,
  noun: "EBS Volume Attachment",
  tagged: false,
  create: (call, inputs) => {
    const [device, instanceId, volumeId] = [
      text(inputs["deviceName"]),
      text(inputs["instanceId"]),
      text(inputs["volumeId"]),
    ];
    const refused = (code: string, message: string) => refuse("EC2", "AttachVolume", code, message);
    const instance = find(call, instances, instanceId, () =>
      refused("InvalidInstanceID.NotFound", `The instance ID '${instanceId}' does not exist`),
    );
    const volume = find(call, volumes, volumeId, () =>
      refused("InvalidVolume.NotFound", `The volume '${volumeId}' does not exist.`),
    );
    const { attachedTo } = volume;
    const isThis = attachedTo?.instance === instanceId && attachedTo.device === device;
    if (attachedTo !== undefined && !isThis) {
      throw refused("VolumeInUse", `${volumeId} is already attached to an instance`);
    }
    const zones = [volume, instance].map(({ outputs }) => text(outputs["availabilityZone"]));
    if (zones[0] !== zones[1]) {
      const message = `The volume '${volumeId}' is not in the same availability zone as instance '${instanceId}'`;
      throw refused("InvalidVolume.ZoneMismatch", message);
    }
    const others = attachedVolumes(call, instanceId).filter(({ id }) => id !== volumeId);
    if (others.some((other) => other.attachedTo?.device === device)) {
      const message = `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`;
      throw refused("InvalidParameterValue", message);
    }
    const taken = others.map((other) => other.attachedTo?.index ?? 0);
    let index = 1;
    while (taken.includes(index)) index += 1;
    call.state.put(volumes, volumeId, {
      ...volume,
      attachedTo: attachedTo ?? { instance: instanceId, device, index },
    });
    return {
      id: `vai-${crc32(`${device}-${instanceId}-${volumeId}-`)}`,
      outputs: {
        ...common(inputs, false),
        deviceName: device,
        instanceId,
        volumeId,
        forceDetach: inputs["forceDetach"] ?? null,
        skipDestroy: inputs["skipDestroy"] ?? null,
        stopInstanceBeforeDetaching: inputs["stopInstanceBeforeDetaching"] ?? null,
      },
    };
  },
  finish: async (call, made) => {
    const volumeId = text(made.outputs["volumeId"]);
    const attached = call.state.get(volumes, volumeId)?.attachedTo;
    if (attached === undefined) return made;
    await call.machines.attach(volumeId, attached.instance, {
      node: `/dev/nvme${attached.index}n1`,
      links: [`nvme-Amazon_Elastic_Block_Store_${volumeId.replace("-", "")}`],
    });
    return made;
  },
  // An attachment that is gone from its volume was taken away behind the program's back.
  tell: (call, { outputs }) =>
    call.state.get(volumes, text(outputs["volumeId"]))?.attachedTo?.instance ===
    outputs["instanceId"]
      ? outputs
      : undefined,
  update: (_call, kept, inputs) => ({
    ...kept,
    outputs: {
      ...kept.outputs,
      forceDetach: inputs["forceDetach"] ?? null,
      skipDestroy: inputs["skipDestroy"] ?? null,
      stopInstanceBeforeDetaching: inputs["stopInstanceBeforeDetaching"] ?? null,
    },
  }),
  dismantle: async (call, { outputs }, state) => {
    const volumeId = text(outputs["volumeId"]);
    const volume = call.state.get(volumes, volumeId);
    const isAttached = volume?.attachedTo?.instance === outputs["instanceId"];
    if (volume === undefined || !isAttached || state["skipDestroy"] === true) return;
    await call.machines.detach(volumeId);
    await call.state.locked(() => {
      free(call, volume);
    });
  },
});

/** The volumes of an instance. */
export function attachedVolumes(call: AwsCall, instanceId: string): VolumeRecord[] {
  return call.state.list(volumes).filter(({ attachedTo }) => attachedTo?.instance === instanceId);
}

/** Forgets where a volume is attached. */
export function free(call: AwsCall, volume: VolumeRecord): void {
  const { attachedTo: _before, ...rest } = volume;
  call.state.put(volumes, volume.id, rest);
}
