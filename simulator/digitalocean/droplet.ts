import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Properties } from "../../toolchain/plugins/provider/values";
import type { DropletSize } from "../core/account";
import type { Call, CloudType } from "../core/cloud-type";
import { isoSeconds, numericId } from "../core/ids";
import { attachVolume, detachVolume } from "./block-storage";
import { accountOf, apiError } from "./cloud";
import { droplets, machineName, reservedIps, sshKeys, volumes, type Droplet } from "./records";
import { lowerCase, orNull, tagSet, text, texts, withForms } from "./shapes";
import { makeTags } from "./tag";
import { addressInVpc, defaultVpc } from "./vpc";

const CREATE = "POST /v2/droplets";
const USER_DATA_BYTES = 64 * 1024;
const DOLLARS_PER_GB = 6;
const HOURS_PER_MONTH = 672;
/** How long a machine may be in the making. */
const MAKING_MS = 120_000;

/** `Droplet`: a machine. A new size is had by power off, resize, power on. */
export const droplet: CloudType = {
  autoName: "name",
  unread: ["image", "sshKeys", "userData", "resizeDisk", "gracefulShutdown", "dropletAgent"],
  canonical: (inputs) =>
    withForms(inputs, { region: lowerCase, size: lowerCase, tags: tagSet, volumeIds: tagSet }),
  changing: () => ["disk", "memory", "vcpus", "priceHourly", "priceMonthly"],

  async create(call, inputs) {
    const { state, machines, machineFaults } = call;
    const record = await state.locked(() => {
      const made = newRecord(call, inputs);
      state.put(droplets, String(made.id), made);
      return made;
    });
    const id = String(record.id);
    try {
      for (const volume of texts(inputs, "volumeIds")) assertFree(call, volume);
      const address = await machines.create({
        name: machineName(id),
        hostname: record.name,
        userData: text(inputs, "userData"),
        faults: machineFaults,
      });
      state.put(droplets, id, { ...record, ipv4Address: address });
    } catch (error) {
      state.remove(droplets, id);
      throw error;
    }
    for (const volume of texts(inputs, "volumeIds")) await attachVolume(call, volume, id);
    return { id, outputs: outputs(call, id, inputs) };
  },

  async read(call, state) {
    const deadline = Date.now() + MAKING_MS;
    // The plugin of a CLI that was killed may still be making it, and the address comes last.
    while (call.state.get(droplets, call.id)?.ipv4Address === "" && Date.now() < deadline) {
      await wait(200);
    }
    return call.state.get(droplets, call.id) && outputs(call, call.id, state);
  },

  async update(call, inputs, olds) {
    const { state, id } = call;
    const size = text(inputs, "size").toLowerCase();
    if (size !== existing(call, id).size) await resize(call, size, inputs["resizeDisk"] !== false);
    const wanted = texts(inputs, "volumeIds");
    if (inputs["volumeIds"] !== undefined) {
      for (const volume of texts(olds, "volumeIds")) {
        if (!wanted.includes(volume)) await detachVolume(call, volume);
      }
      for (const volume of wanted) await attachVolume(call, volume, id);
    }
    makeTags(state, texts(inputs, "tags"));
    state.put(droplets, id, {
      ...existing(call, id),
      name: text(inputs, "name"),
      tags: texts(inputs, "tags"),
      backups: inputs["backups"] === true,
      ipv6: inputs["ipv6"] === true,
    });
    return outputs(call, id, inputs);
  },

  async delete(call) {
    if (call.state.get(droplets, call.id) === undefined) {
      const seen = "unexpected state 'Not Found', wanted target 'false'";
      throw new Error(`Error waiting for droplet to be unlocked for destroy (${call.id}): ${seen}`);
    }
    await removeDroplet(call, call.id);
  },
};

/** Removes a droplet as the control panel does: volumes and reserved addresses stay, and belong to none. */
export async function removeDroplet(
  { state, machines }: Pick<Call, "state" | "machines">,
  id: string,
): Promise<void> {
  await machines.remove(machineName(id));
  await state.locked(() => {
    for (const volume of state.list(volumes)) {
      const dropletIds = volume.dropletIds.filter((one) => String(one) !== id);
      if (dropletIds.length < volume.dropletIds.length) {
        state.put(volumes, volume.id, { ...volume, dropletIds });
      }
    }
    state.remove(droplets, id);
  });
  for (const { ip, region, dropletId } of state.list(reservedIps)) {
    if (String(dropletId) !== id) continue;
    await machines.assign(ip);
    state.put(reservedIps, ip, { ip, region });
  }
}

function newRecord(call: Call, inputs: Properties): Droplet {
  const { state, account } = call;
  const { regions, images, dropletLimit } = accountOf(account);
  const region = text(inputs, "region").toLowerCase();
  const image = text(inputs, "image");
  const size = sizeOf(call, text(inputs, "size").toLowerCase());
  const refuse = (why: string) => apiError(CREATE, 422, why);
  if (!regions.includes(region)) throw refuse("Region is not available");
  if (size === undefined) throw refuse("You specified an invalid size for Droplet creation.");
  if (!images.includes(image)) {
    throw refuse("You specified an invalid image for Droplet creation.");
  }
  if (Buffer.byteLength(text(inputs, "userData")) > USER_DATA_BYTES) {
    throw refuse("User data must be 64KB or less");
  }
  const unknown = texts(inputs, "sshKeys").filter((key) => !isKey(call, key));
  if (unknown.length > 0) {
    throw refuse(`${unknown.join(", ")} are invalid key identifiers for Droplet creation.`);
  }
  if (state.list(droplets).length >= dropletLimit) {
    throw refuse("creating this/these droplet(s) will exceed your droplet limit");
  }
  makeTags(state, texts(inputs, "tags"));
  const vpcUuid = text(inputs, "vpcUuid") || defaultVpc(state, region);
  return {
    ...{ id: numericId(), name: text(inputs, "name"), region, image, status: "active" },
    ...{ size: size.slug, disk: size.disk, vcpus: size.vcpus, memory: size.memory },
    ...{ tags: texts(inputs, "tags"), backups: inputs["backups"] === true },
    ...{ ipv6: inputs["ipv6"] === true, monitoring: inputs["monitoring"] === true },
    ...{ vpcUuid, ipv4Address: "", ipv4AddressPrivate: addressInVpc(state, vpcUuid, region) },
    createdAt: isoSeconds(),
  };
}

function sizeOf({ account }: Call, slug: string): DropletSize | undefined {
  return accountOf(account).sizes.find((size) => size.slug === slug);
}

function isKey({ state }: Call, wanted: string): boolean {
  return state.list(sshKeys).some(({ id, fingerprint }) => id === wanted || fingerprint === wanted);
}

function assertFree({ state }: Call, volume: string): void {
  if ((state.get(volumes, volume)?.dropletIds ?? []).length > 0) {
    throw apiError(CREATE, 422, `Volume ${volume} is already attached to a Droplet.`);
  }
}

/** A refused size costs the outage of power off and on, as with the real provider. */
async function resize(call: Call, slug: string, withDisk: boolean): Promise<void> {
  const { state, machines, id } = call;
  const action = `POST /v2/droplets/${id}/actions`;
  const before = existing(call, id);
  const size = sizeOf(call, slug);
  await machines.stop(machineName(id));
  try {
    if (size === undefined) throw apiError(action, 422, "You specified an invalid size.");
    if (size.disk < before.disk) {
      throw apiError(action, 422, "This size is not available because it has a smaller disk.");
    }
    const disk = withDisk ? size.disk : before.disk;
    const { vcpus, memory } = size;
    state.put(droplets, id, { ...before, size: slug, disk, vcpus, memory });
  } finally {
    await machines.start(machineName(id));
  }
}

function existing({ state }: Call, id: string): Droplet {
  const found = state.get(droplets, id);
  if (found === undefined) {
    throw apiError(
      `GET /v2/droplets/${id}`,
      404,
      "The resource you were accessing could not be found.",
    );
  }
  return found;
}

/** What can't be read back is taken from `given`: the arguments, or the outputs of before. */
function outputs(call: Call, id: string, given: Properties): Properties {
  const { monitoring, createdAt, ...found } = existing(call, id);
  const priceMonthly = (found.memory / 1024) * DOLLARS_PER_GB;
  const userData = given["userData"];
  return {
    ...{ name: found.name, region: found.region, size: found.size, status: found.status },
    ...{ disk: found.disk, vcpus: found.vcpus, memory: found.memory, vpcUuid: found.vpcUuid },
    ...{ tags: found.tags, backups: found.backups, ipv6: found.ipv6, monitoring, createdAt },
    ...{ ipv4Address: found.ipv4Address, ipv4AddressPrivate: found.ipv4AddressPrivate },
    ...{ ipv6Address: "", locked: false, publicNetworking: true, privateNetworking: true },
    ...{ priceMonthly, priceHourly: Number((priceMonthly / HOURS_PER_MONTH).toFixed(5)) },
    ...{ image: text(given, "image"), sshKeys: orNull(given["sshKeys"]) },
    userData: typeof userData === "string" ? hashed(userData) : null,
    resizeDisk: given["resizeDisk"] ?? true,
    gracefulShutdown: given["gracefulShutdown"] ?? false,
    ...{ dropletAgent: orNull(given["dropletAgent"]), backupPolicy: orNull(given["backupPolicy"]) },
    dropletUrn: `do:droplet:${id}`,
    volumeIds: call.state
      .list(volumes)
      .filter(({ dropletIds }) => dropletIds.includes(Number(id)))
      .map((volume) => volume.id),
  };
}

/** The outputs hold a hash of the user data; one that is read back is a hash already. */
function hashed(userData: string): string {
  return /^[0-9a-f]{40}$/.test(userData)
    ? userData
    : createHash("sha1").update(userData).digest("hex");
}
