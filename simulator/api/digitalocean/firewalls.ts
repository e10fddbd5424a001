import ipaddr from "ipaddr.js";
import { isoSeconds, uuid } from "../../core/ids";
import type { State } from "../../core/state";
import * as kinds from "../../digitalocean/records";
import { notFound, Refused, unprocessable } from "./refused";

/** A rule of a firewall in the API's words. */
interface ApiRule {
  readonly protocol?: string;
  readonly ports?: string;
  readonly sources?: { readonly addresses?: string[]; readonly tags?: string[] };
}

interface ApiFirewall {
  readonly name?: string;
  readonly tags?: string[];
  readonly droplet_ids?: number[];
  readonly inbound_rules?: ApiRule[];
  readonly outbound_rules?: unknown[];
}

const MOST_RULES = 50;

/** Firewalls as the API tells them. */
export function firewalls(state: State): unknown[] {
  return state.list(kinds.firewalls).map(({ id, name, outputs }) => describe(id, name, outputs));
}

/** One firewall. */
export function firewall(state: State, id: string): unknown {
  const held = state.get(kinds.firewalls, id);
  if (held === undefined) throw notFound();
  return describe(id, held.name, held.outputs);
}

function describe(id: string, name: string, outputs: Record<string, unknown>): unknown {
  const rules = (outputs["inboundRules"] ?? []) as Record<string, unknown>[];
  return {
    id,
    name,
    status: outputs["status"],
    created_at: outputs["createdAt"],
    tags: outputs["tags"] ?? [],
    droplet_ids: outputs["dropletIds"] ?? [],
    inbound_rules: rules.map((rule) => ({
      protocol: rule["protocol"],
      ports: rule["portRange"],
      sources: { addresses: rule["sourceAddresses"] ?? [], tags: rule["sourceTags"] ?? [] },
    })),
    outbound_rules: [],
  };
}

/** Makes a firewall; the record is of the form that the simulated resource has. */
export async function createFirewall(state: State, body: string): Promise<unknown> {
  const asked = JSON.parse(body) as ApiFirewall;
  const name = asked.name ?? "";
  const inbound = asked.inbound_rules ?? [];
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(name)) throw unprocessable("name is invalid");
  if (inbound.length + (asked.outbound_rules ?? []).length === 0) {
    throw unprocessable("must have at least one rule");
  }
  if (inbound.length > MOST_RULES) throw unprocessable("has too many rules");
  for (const rule of inbound) checkRule(rule);
  return state.locked(() => {
    if (state.list(kinds.firewalls).some((held) => held.name === name)) {
      throw new Refused(409, "conflict", "duplicate name");
    }
    for (const tag of asked.tags ?? []) {
      if (state.get(kinds.tags, tag.toLowerCase()) === undefined)
        throw unprocessable(`tag "${tag}" not found`);
    }
    const id = uuid();
    const outputs = {
      name,
      status: "succeeded",
      createdAt: isoSeconds(),
      tags: asked.tags ?? [],
      dropletIds: asked.droplet_ids ?? [],
      inboundRules: inbound.map(({ protocol, ports, sources }) => ({
        protocol,
        portRange: ports,
        sourceAddresses: sources?.addresses ?? [],
        sourceTags: sources?.tags ?? [],
      })),
      outboundRules: [],
      pendingChanges: [],
    };
    state.put(kinds.firewalls, id, { id, name, outputs });
    return describe(id, name, outputs);
  });
}

function checkRule({ protocol, ports, sources }: ApiRule): void {
  if (!["tcp", "udp", "icmp"].includes(protocol ?? "")) throw unprocessable("protocol is invalid");
  if (protocol !== "icmp" && !/^(\d+(-\d+)?|all|0)$/.test(ports ?? "")) {
    throw unprocessable("ports is invalid");
  }
  const addresses = sources?.addresses ?? [];
  if (addresses.length + (sources?.tags ?? []).length === 0) {
    throw unprocessable("sources must not be empty");
  }
  const wrong = addresses.find((each) => !ipaddr.isValid(each) && !ipaddr.isValidCIDR(each));
  if (wrong !== undefined) throw unprocessable(`address ${wrong} is invalid`);
}

/** Removes a firewall. */
export function deleteFirewall(state: State, id: string): undefined {
  if (state.get(kinds.firewalls, id) === undefined) throw notFound();
  state.remove(kinds.firewalls, id);
}
