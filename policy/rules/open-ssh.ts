import type { ResourceValidationArgs } from "@pulumi/policy";
import ipaddr from "ipaddr.js";
import { rule } from "../rule";
import { DROPLET_FIREWALL, INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE } from "../types";

const SSH_PORT = 22;
// A shorter prefix covers so much that it is no network of the operators.
const SHORTEST_PREFIX = { ipv4: 8, ipv6: 16 } as const;

interface Inbound {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly networks: readonly string[];
}

/** SSH is open to the operators' networks only, whatever range or protocol would let others in. */
export const openSsh = rule({
  name: "open-ssh",
  description: "Nobody reaches port 22 from everywhere.",
  types: [DROPLET_FIREWALL, INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE],
  check: (resource) =>
    inboundRules(resource)
      .filter(
        ({ protocol, from, to }) => carriesTcp(protocol) && from <= SSH_PORT && SSH_PORT <= to,
      )
      .flatMap(({ networks }) => networks.filter(isEverywhere))
      .map(
        (network) =>
          `${resource.name} lets ${network} reach port 22; name the networks that operators come from in sshCidrs.`,
      ),
});

function inboundRules({ type, props }: ResourceValidationArgs): Inbound[] {
  switch (type) {
    case DROPLET_FIREWALL:
      return list(props.inboundRules).map((one) => ({
        protocol: String(one.protocol),
        ...portRange(one.portRange),
        networks: texts(one.sourceAddresses),
      }));
    case INGRESS_RULE:
      return [
        {
          protocol: String(props.ipProtocol),
          ...ports(String(props.ipProtocol), props.fromPort, props.toPort),
          networks: texts([props.cidrIpv4, props.cidrIpv6]),
        },
      ];
    case SECURITY_GROUP:
      return list(props.ingress).map(groupRule);
    default:
      return props.type === "ingress" ? [groupRule(props)] : [];
  }
}

function groupRule(one: Record<string, unknown>): Inbound {
  const protocol = String(one.protocol);
  return {
    protocol,
    ...ports(protocol, one.fromPort, one.toPort),
    networks: [...texts(one.cidrBlocks), ...texts(one.ipv6CidrBlocks)],
  };
}

/** `22`, `8000-9000`; `all`, `0` and nothing mean every port. */
function portRange(range: unknown): Pick<Inbound, "from" | "to"> {
  if (typeof range !== "string" || range === "all" || range === "0") return { from: 0, to: 65535 };
  const [from = "", to = from] = range.split("-");
  return { from: Number(from), to: Number(to) };
}

function ports(protocol: string, from: unknown, to: unknown): Pick<Inbound, "from" | "to"> {
  const isAll = protocol === "-1" || protocol === "all" || typeof from !== "number" || from < 0;
  if (isAll) return { from: 0, to: 65535 };
  return { from, to: typeof to === "number" && to >= 0 ? to : 65535 };
}

function carriesTcp(protocol: string): boolean {
  return ["tcp", "6", "-1", "all"].includes(protocol.toLowerCase());
}

function isEverywhere(network: string): boolean {
  if (!ipaddr.isValidCIDR(network)) return false;
  const [address, prefix] = ipaddr.parseCIDR(network);
  return prefix < SHORTEST_PREFIX[address.kind()];
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
