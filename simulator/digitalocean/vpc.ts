import type { Properties } from "../../toolchain/plugins/provider/values";
import type { CloudType } from "../core/cloud-type";
import { uuid } from "../core/ids";
import type { State } from "../core/state";
import { accountOf, apiError } from "./cloud";
import { droplets, vpcs, type Vpc } from "./records";
import { text } from "./shapes";
import ipaddr from "ipaddr.js";

const FIRST_RANGE = 100;
const FIRST_MEMBER = 2;

/** `Vpc`: a private network of a region. It can't go while it has members. */
export const vpc: CloudType = {
  autoName: "name",

  async create({ state, account }, inputs) {
    const region = text(inputs, "region");
    if (!accountOf(account).regions.includes(region)) {
      throw apiError("POST /v2/vpcs", 422, "region is not available");
    }
    const made = await state.locked(() => newVpc(state, inputs, region));
    return { id: made.id, outputs: outputs(made) };
  },

  read({ state, id }) {
    const found = state.get(vpcs, id);
    return Promise.resolve(found && outputs(found));
  },

  update({ state, id }, inputs) {
    const found = state.get(vpcs, id);
    if (found === undefined) throw apiError(`PUT /v2/vpcs/${id}`, 404, "VPC not found");
    const [name, description] = [text(inputs, "name"), text(inputs, "description")];
    state.put(vpcs, id, { ...found, name, description });
    return Promise.resolve(outputs({ ...found, name, description }));
  },

  delete({ state, id }) {
    if (state.list(droplets).some(({ vpcUuid }) => vpcUuid === id)) {
      throw apiError(`DELETE /v2/vpcs/${id}`, 409, "Can not delete VPC with members");
    }
    state.remove(vpcs, id);
    return Promise.resolve();
  },
};

/** The network that droplets of a region join when they name none; it stays for good. */
export function defaultVpc(state: State, region: string): string {
  const found = state.list(vpcs).find((one) => one.isDefault && one.region === region);
  if (found !== undefined) return found.id;
  const made = record({ name: `default-${region}`, region, ipRange: freeRange(state) }, true);
  state.put(vpcs, made.id, made);
  return made.id;
}

/** A private address in the network for one more droplet. */
export function addressInVpc(state: State, id: string, region: string): string {
  const found = state.get(vpcs, id);
  if (found?.region !== region) {
    throw apiError("POST /v2/droplets", 422, "VPC is not in the region of the Droplet");
  }
  const first = ipaddr.IPv4.parseCIDR(found.ipRange)[0].toByteArray();
  const taken = new Set(state.list(droplets).map((one) => one.ipv4AddressPrivate));
  for (let member = FIRST_MEMBER; ; member += 1) {
    const address = [first[0], first[1], first[2], member].join(".");
    if (!taken.has(address)) return address;
  }
}

function newVpc(state: State, inputs: Properties, region: string): Vpc {
  const all = state.list(vpcs);
  const name = text(inputs, "name");
  const ipRange = text(inputs, "ipRange") || freeRange(state);
  if (all.some((one) => one.name === name)) {
    throw apiError("POST /v2/vpcs", 409, "a VPC with the same name already exists");
  }
  if (all.some((one) => overlaps(one.ipRange, ipRange))) {
    const why = "This range/size overlaps with another VPC network in your account";
    throw apiError("POST /v2/vpcs", 422, `${why}: ${ipRange}`);
  }
  const made = record({ name, region, ipRange, description: text(inputs, "description") }, false);
  state.put(vpcs, made.id, made);
  return made;
}

function record(
  given: Partial<Vpc> & Pick<Vpc, "name" | "region" | "ipRange">,
  isDefault: boolean,
) {
  const createdAt = `${new Date().toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`;
  return { description: "", ...given, id: uuid(), createdAt, isDefault };
}

function freeRange(state: State): string {
  return `10.${FIRST_RANGE + state.list(vpcs).length}.0.0/20`;
}

function overlaps(one: string, other: string): boolean {
  const [left, right] = [ipaddr.IPv4.parseCIDR(one), ipaddr.IPv4.parseCIDR(other)];
  const bits = Math.min(left[1], right[1]);
  return left[0].match(right[0], bits);
}

function outputs(found: Vpc): Properties {
  const { id, isDefault, description, ...plain } = found;
  return {
    ...plain,
    description: description === "" ? null : description,
    default: isDefault,
    vpcUrn: `do:vpc:${id}`,
  };
}
