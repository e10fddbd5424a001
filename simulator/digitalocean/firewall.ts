import { isObject, type Properties, type Value } from "../../toolchain/plugins/provider/values";
import type { Call, CloudType } from "../core/cloud-type";
import { isoSeconds, uuid } from "../core/ids";
import { apiError } from "./cloud";
import { droplets, firewalls } from "./records";
import { anySet, tagSet, text, withForms, word } from "./shapes";

const CREATE = "POST /v2/firewalls";
const INBOUND = [
  "sourceAddresses",
  "sourceTags",
  "sourceDropletIds",
  "sourceKubernetesIds",
  "sourceLoadBalancerUids",
];
const OUTBOUND = INBOUND.map((name) => name.replace("source", "destination"));

/** `Firewall`: what may reach the droplets of its tags or ids. All of it changes in place. */
export const firewall: CloudType = {
  autoName: "name",
  canonical: (inputs) =>
    withForms(inputs, {
      inboundRules: (value) => rules(value, INBOUND),
      outboundRules: (value) => rules(value, OUTBOUND),
      dropletIds: anySet,
      tags: tagSet,
    }),
  check: (inputs) =>
    inputs["inboundRules"] === undefined && inputs["outboundRules"] === undefined
      ? ["At least one rule must be specified"]
      : [],

  async create(call, inputs) {
    const id = uuid();
    const name = text(inputs, "name");
    const outputs = { ...fromInputs(call, inputs), createdAt: isoSeconds() };
    await call.state.locked(() => {
      if (call.state.list(firewalls).some((other) => other.name === name)) {
        throw apiError(CREATE, 409, "duplicate name");
      }
      call.state.put(firewalls, id, { id, name, outputs: { ...outputs, status: "succeeded" } });
    });
    return { id, outputs };
  },

  /** Droplets that are gone are in no firewall any more. */
  read({ state, id }) {
    const found = state.get(firewalls, id);
    if (found === undefined) return Promise.resolve(undefined);
    const outputs = found.outputs as Properties;
    const ids = outputs["dropletIds"];
    const dropletIds = Array.isArray(ids)
      ? ids.filter((one) => state.get(droplets, word(one)) !== undefined)
      : [];
    return Promise.resolve({ ...outputs, dropletIds, tags: outputs["tags"] ?? [] });
  },

  update(call, inputs, olds) {
    const found = call.state.get(firewalls, call.id);
    if (found === undefined) throw apiError(`PUT /v2/firewalls/${call.id}`, 404, "not found");
    const outputs = { ...fromInputs(call, inputs), createdAt: olds["createdAt"] ?? "" };
    call.state.put(firewalls, call.id, { ...found, name: text(inputs, "name"), outputs });
    return Promise.resolve(outputs);
  },

  delete({ state, id }) {
    state.remove(firewalls, id);
    return Promise.resolve();
  },
};

function fromInputs({ state }: Call, inputs: Properties): Properties {
  const ids = inputs["dropletIds"];
  for (const id of Array.isArray(ids) ? ids : []) {
    if (state.get(droplets, word(id)) === undefined) {
      throw apiError(CREATE, 422, `droplet ${word(id)} does not exist`);
    }
  }
  return {
    name: text(inputs, "name"),
    inboundRules: rules(inputs["inboundRules"] ?? [], INBOUND),
    outboundRules: rules(inputs["outboundRules"] ?? [], OUTBOUND),
    dropletIds: ids ?? null,
    tags: inputs["tags"] ?? null,
    pendingChanges: [],
    status: "waiting",
  };
}

/** Rules with every list, in the order that the provider shows: icmp first, then by port. */
function rules(value: Value, lists: readonly string[]): Value {
  if (!Array.isArray(value)) return value;
  return value
    .filter(isObject)
    .map((rule) => ({
      protocol: rule["protocol"] ?? "",
      portRange: port(rule),
      ...Object.fromEntries(lists.map((name) => [name, anySet(rule[name] ?? [])])),
    }))
    .sort((one, other) => order(one).localeCompare(order(other), "en", { numeric: true }));
}

function port(rule: Properties): string {
  if (rule["protocol"] === "icmp") return "";
  const given = text(rule, "portRange");
  return given === "0" || given === "1-65535" ? "all" : given;
}

function order(rule: { protocol: Value; portRange: string }): string {
  const protocol = typeof rule.protocol === "string" ? rule.protocol : "";
  return `${protocol} ${rule.portRange}`;
}
