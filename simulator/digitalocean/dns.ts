import type { Properties, Value } from "../../toolchain/plugins/provider/values";
import type { Call, CloudType } from "../core/cloud-type";
import { numericId } from "../core/ids";
import type { State } from "../core/state";
import type { Account } from "../core/account";
import { accountOf, apiError } from "./cloud";
import { dnsRecords, domains, type DnsRecord } from "./records";
import { text, word } from "./shapes";

const DEFAULT_TTL = 1800;
const NOT_FOUND = "The resource you were accessing could not be found.";
/** Values of these are names, and names end in a dot. */
const NAME_TYPES = ["CNAME", "MX", "NS", "SRV", "CAA"];
const NUMBERS = ["port", "priority", "weight", "flags"];

/** `Domain`: a zone. Its records go with it. */
export const domain: CloudType = {
  unread: ["ipAddress"],

  async create({ state, account, machines }, inputs) {
    const name = text(inputs, "name");
    await state.locked(() => {
      if (hasDomain(state, account, name)) {
        throw apiError("POST /v2/domains", 422, `domain '${name}': name already exists`);
      }
      state.put(domains, name, { name });
    });
    const address = text(inputs, "ipAddress");
    if (address !== "") {
      await machines.setNames(`do-domain-${name}`, [{ name, type: "A", values: [address] }]);
    }
    return { id: name, outputs: domainOutputs(name, inputs) };
  },

  read: ({ state, id }, recorded) =>
    Promise.resolve(state.get(domains, id) && domainOutputs(id, recorded)),

  async delete({ state, machines, id }) {
    for (const record of state.list(dnsRecords).filter((one) => one.domain === id)) {
      state.remove(dnsRecords, String(record.id));
      await machines.setNames(owner(String(record.id)), []);
    }
    await machines.setNames(`do-domain-${id}`, []);
    state.remove(domains, id);
  },
};

/** `DnsRecord`: answered by the rehearsal's DNS server when it is an A, AAAA or CNAME record. */
export const dnsRecord: CloudType = {
  autoName: "name",
  canonical(inputs) {
    const value = text(inputs, "value");
    const type = text(inputs, "type");
    return {
      ...inputs,
      ...("name" in inputs ? { name: relative(inputs["name"] ?? "", text(inputs, "domain")) } : {}),
      ...(value === "" ? {} : { value: NAME_TYPES.includes(type) ? dotted(value) : value }),
    };
  },

  async create(call, inputs) {
    const { state, account } = call;
    const zone = text(inputs, "domain");
    const path = `POST /v2/domains/${zone}/records`;
    if (!hasDomain(state, account, zone)) throw apiError(path, 404, NOT_FOUND);
    const made = fromInputs(numericId(), inputs, path);
    await keep(call, made);
    return { id: String(made.id), outputs: outputs(made) };
  },

  read({ state, id }) {
    const found = state.get(dnsRecords, id);
    return Promise.resolve(found && outputs(found));
  },

  async update(call, inputs) {
    const path = `PUT /v2/domains/${text(inputs, "domain")}/records/${call.id}`;
    if (call.state.get(dnsRecords, call.id) === undefined) throw apiError(path, 404, NOT_FOUND);
    const made = fromInputs(Number(call.id), inputs, path);
    await keep(call, made);
    return outputs(made);
  },

  async delete({ state, machines, id }) {
    state.remove(dnsRecords, id);
    await machines.setNames(owner(id), []);
  },
};

/** True when the zone is the account's: made by hand before, or by a stack. */
export function hasDomain(state: State, account: Account, name: string): boolean {
  return accountOf(account).domains.includes(name) || state.get(domains, name) !== undefined;
}

async function keep({ state, machines }: Call, record: DnsRecord): Promise<void> {
  state.put(dnsRecords, String(record.id), record);
  const { type, data } = record;
  await machines.setNames(owner(String(record.id)), [{ name: fqdn(record), type, values: [data] }]);
}

function fromInputs(id: number, inputs: Properties, path: string): DnsRecord {
  const type = text(inputs, "type");
  const zone = text(inputs, "domain");
  const value = text(inputs, "value");
  if (["MX", "SRV"].includes(type) && inputs["priority"] === undefined) {
    throw apiError(path, 422, `priority can't be blank for a ${type} record`);
  }
  const [port, priority, weight, flags] = NUMBERS.map((name) => Number(inputs[name] ?? 0));
  return {
    ...{ id, domain: zone, type, name: word(relative(text(inputs, "name") || "@", zone)) },
    data: NAME_TYPES.includes(type) ? dotted(value) : value,
    ttl: Number(inputs["ttl"] ?? DEFAULT_TTL),
    ...{ port: port ?? 0, priority: priority ?? 0, weight: weight ?? 0, flags: flags ?? 0 },
    tag: text(inputs, "tag"),
  };
}

function outputs(record: DnsRecord): Properties {
  const { id: _id, data, ...plain } = record;
  return { ...plain, value: data, fqdn: fqdn(record) };
}

function domainOutputs(name: string, given: Properties): Properties {
  const ipAddress = given["ipAddress"] ?? null;
  return { name, ipAddress, ttl: DEFAULT_TTL, domainUrn: `do:domain:${name}` };
}

function fqdn({ name, domain: zone }: DnsRecord): string {
  return name === "@" ? zone : `${name}.${zone}`;
}

/** `t.zone.` is the same as `t`. */
function relative(name: Value, zone: string): Value {
  const end = `.${zone}.`;
  return typeof name === "string" && zone !== "" && name.endsWith(end)
    ? name.slice(0, -end.length)
    : name;
}

function dotted(value: string): string {
  return value === "@" || value.endsWith(".") ? value : `${value}.`;
}

function owner(id: string): string {
  return `do-record-${id}`;
}
