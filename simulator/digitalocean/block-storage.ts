import type { Call, CloudType } from "../core/cloud-type";
import { stamp, uuid } from "../core/ids";
import type { Properties } from "../../toolchain/plugins/provider/values";
import { accountOf, apiError } from "./cloud";
import { droplets, machineName, volumes, type Volume } from "./records";
import { lowerCase, orNull, tagSet, text, texts, withForms, word } from "./shapes";

const CREATE = "POST /v2/volumes";
const VOLUMES_PER_DROPLET = 15;
const FIRST_DISK = "a".charCodeAt(0);
const NOT_FOUND = "The resource you were accessing could not be found.";

/** `Volume`: block storage. It grows in place and never shrinks. */
export const volume: CloudType = {
  autoName: "name",
  unread: ["description", "snapshotId", "initialFilesystemType", "initialFilesystemLabel"],
  canonical: (inputs) => withForms(inputs, { region: lowerCase, tags: tagSet }),
  adjust(changes, news, state) {
    const [before, after] = [state["size"], news["size"]];
    if (typeof before === "number" && typeof after === "number" && after < before) {
      throw new Error("volumes `size` can only be expanded and not shrunk");
    }
    return changes;
  },
  check: (inputs) =>
    inputs["initialFilesystemType"] === undefined && inputs["snapshotId"] === undefined
      ? []
      : ["the simulator makes blank volumes only: no initialFilesystemType, no snapshotId"],

  async create({ state, account, machines }, inputs) {
    const region = text(inputs, "region").toLowerCase();
    const name = text(inputs, "name");
    if (!accountOf(account).regions.includes(region)) {
      throw apiError(CREATE, 422, "region is not available");
    }
    const made: Volume = {
      ...{ id: uuid(), name, region, size: Number(inputs["size"]), tags: texts(inputs, "tags") },
      ...{ description: text(inputs, "description"), dropletIds: [] },
      ...{ filesystemType: "", filesystemLabel: "" },
    };
    await state.locked(() => {
      if (state.list(volumes).some((other) => other.name === name && other.region === region)) {
        throw apiError(CREATE, 409, "a volume with the same name already exists");
      }
      state.put(volumes, made.id, made);
    });
    machines.createVolume(made.id, made.size);
    return { id: made.id, outputs: outputs(made, inputs) };
  },

  read({ state, id }, recorded) {
    const found = state.get(volumes, id);
    return Promise.resolve(found && outputs(found, recorded));
  },

  async update({ state, machines, id }, inputs) {
    const before = existing(state.get(volumes, id), id);
    const size = Number(inputs["size"]);
    if (size > before.size) await machines.growVolume(id, size);
    const after = { ...before, size, tags: texts(inputs, "tags") };
    state.put(volumes, id, after);
    return outputs(after, inputs);
  },

  async delete({ state, machines, id }) {
    const found = state.get(volumes, id);
    if (found === undefined) return;
    if (found.dropletIds.length > 0) {
      const why =
        "A volume that's attached to a Droplet cannot be deleted. Please detach it first.";
      throw apiError(`DELETE /v2/volumes/${id}`, 409, why);
    }
    await machines.removeVolume(id);
    state.remove(volumes, id);
  },
};

/** `VolumeAttachment`: a volume is a disk of one droplet, and of no other. */
export const volumeAttachment: CloudType = {
  async create(call, inputs) {
    const dropletId = word(inputs["dropletId"]);
    const volumeId = text(inputs, "volumeId");
    await attachVolume(call, volumeId, dropletId);
    return {
      id: `${dropletId}-${volumeId}-${stamp()}`,
      outputs: { dropletId: Number(dropletId), volumeId },
    };
  },

  read({ state }, recorded) {
    const found = state.get(volumes, text(recorded, "volumeId"));
    const isThere = found?.dropletIds.includes(Number(recorded["dropletId"])) === true;
    return Promise.resolve(isThere ? recorded : undefined);
  },

  async delete(call, recorded) {
    const found = call.state.get(volumes, text(recorded, "volumeId"));
    if (found?.dropletIds.includes(Number(recorded["dropletId"])) === true) {
      await detachVolume(call, found.id);
    }
  },
};

/** Attaches a volume to a droplet; one that is there already stays. */
export async function attachVolume(call: Call, id: string, dropletId: string): Promise<void> {
  const { state, machines } = call;
  const action = `POST /v2/volumes/${id}/actions`;
  const node = await state.locked(() => {
    const found = existing(state.get(volumes, id), id);
    const droplet = state.get(droplets, dropletId);
    if (droplet === undefined) throw apiError(action, 404, NOT_FOUND);
    if (found.dropletIds.includes(droplet.id)) return undefined;
    if (found.dropletIds.length > 0) {
      throw apiError(action, 422, "Volume is already attached to another Droplet.");
    }
    if (found.region !== droplet.region) {
      throw apiError(action, 422, "Volume and Droplet are not in the same region.");
    }
    const others = state.list(volumes).filter((one) => one.dropletIds.includes(droplet.id));
    if (others.length >= VOLUMES_PER_DROPLET) {
      throw apiError(action, 422, "Droplet has the most volumes that it can have.");
    }
    state.put(volumes, id, { ...found, dropletIds: [droplet.id] });
    return { node: diskName(others.length), links: [`scsi-0DO_Volume_${found.name}`] };
  });
  if (node !== undefined) await machines.attach(id, machineName(dropletId), node);
}

/** Takes a volume from its droplet. */
export async function detachVolume({ state, machines }: Call, id: string): Promise<void> {
  await machines.detach(id);
  await state.locked(() => {
    const found = state.get(volumes, id);
    if (found !== undefined) state.put(volumes, id, { ...found, dropletIds: [] });
  });
}

function diskName(index: number): string {
  return `/dev/sd${String.fromCharCode(FIRST_DISK + index)}`;
}

function existing(found: Volume | undefined, id: string): Volume {
  if (found === undefined) throw apiError(`GET /v2/volumes/${id}`, 404, NOT_FOUND);
  return found;
}

function outputs(found: Volume, given: Properties): Properties {
  return {
    ...{ name: found.name, region: found.region, size: found.size, dropletIds: found.dropletIds },
    ...{ filesystemType: found.filesystemType, filesystemLabel: found.filesystemLabel },
    ...{ initialFilesystemType: null, initialFilesystemLabel: null, snapshotId: null },
    ...{ description: orNull(given["description"]), tags: found.tags },
    volumeUrn: `do:volume:${found.id}`,
  };
}
