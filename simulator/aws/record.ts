import ipaddr from "ipaddr.js";
import type { Properties } from "../../toolchain/plugins/provider/values";
import { refuse } from "./errors";
import { records } from "./kinds";
import { type AwsCall, awsType, type Stored } from "./resource";
import { given, number, text, texts } from "./values";

const TYPES = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"];
const UNSIMULATED = [
  "aliases",
  "cidrRoutingPolicy",
  "failoverRoutingPolicies",
  "geolocationRoutingPolicies",
  "geoproximityRoutingPolicy",
  "healthCheckId",
  "latencyRoutingPolicies",
  "multivalueAnswerRoutingPolicy",
  "setIdentifier",
  "weightedRoutingPolicies",
] as const;

/** A DNS record of a hosted zone; the rehearsal's DNS server answers with it. */
export const record = awsType({
  kind: records,
  noun: "Route 53 Record",
  tagged: false,
  check: (inputs) => [
    ...given(inputs, UNSIMULATED).map((name) => `"${name}": the simulator has plain records only`),
    ...(TYPES.includes(text(inputs["type"]))
      ? []
      : [`"type": ${text(inputs["type"])} is none of ${TYPES.join(", ")}`]),
  ],
  canonical: (inputs) => ({
    ...inputs,
    name: plainName(text(inputs["name"])),
    ...(Array.isArray(inputs["records"]) ? { records: [...texts(inputs["records"])].sort() } : {}),
  }),
  unread: ["allowOverwrite"],
  create: (call, inputs) => {
    const fqdn = fullName(call, inputs);
    const [zoneId, type] = [text(inputs["zoneId"]), text(inputs["type"])];
    const isTaken = call.state.list(records).some((other) => isAt(other, zoneId, fqdn, type));
    if (isTaken && inputs["allowOverwrite"] !== true) {
      const message = `[Tried to create resource record set [name='${fqdn}.', type='${type}'] but it already exists]`;
      throw refuse("Route 53", "ChangeResourceRecordSets", "InvalidChangeBatch", message);
    }
    const id = `${zoneId}_${plainName(text(inputs["name"]))}_${type}`;
    return { id, outputs: outputsOf(inputs, fqdn) };
  },
  finish: async (call, made) => {
    await announce(call, made);
    return made;
  },
  updatesSlowly: true,
  update: async (call, kept, inputs) => {
    const changed = { ...kept, outputs: outputsOf(inputs, fullName(call, inputs)) };
    await announce(call, changed);
    return changed;
  },
  dismantle: (call, { id }) => call.machines.setNames(id, []),
});

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

function fullName(call: AwsCall, inputs: Properties): string {
  const zoneId = text(inputs["zoneId"]);
  const zone = call.aws.zones.find(({ id }) => id === zoneId);
  const refused = (code: string, message: string, status = 400) =>
    refuse("Route 53", "ChangeResourceRecordSets", code, message, status);
  if (zone === undefined) {
    throw refused("NoSuchHostedZone", `No hosted zone found with ID: ${zoneId}`, 404);
  }
  const name = plainName(text(inputs["name"]));
  const origin = plainName(zone.name);
  const values = texts(inputs["records"]);
  if (values.length === 0 || number(inputs["ttl"]) === undefined) {
    throw refused("InvalidInput", "Missing field 'ResourceRecords' or 'TTL' in Change");
  }
  const wrong = values.find((value) => !isFit(text(inputs["type"]), value));
  if (wrong !== undefined) {
    const message = `[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid address) encountered with '${wrong}'']`;
    throw refused("InvalidChangeBatch", message);
  }
  return name === origin || name.endsWith(`.${origin}`) ? name : `${name}.${origin}`;
}

function isFit(type: string, value: string): boolean {
  if (type === "A") return ipaddr.IPv4.isValidFourPartDecimal(value);
  return type === "AAAA" ? ipaddr.IPv6.isValid(value) : value !== "";
}

function isAt(other: Stored, zoneId: string, fqdn: string, type: string): boolean {
  const { outputs } = other;
  return outputs["zoneId"] === zoneId && outputs["fqdn"] === fqdn && outputs["type"] === type;
}

function outputsOf(inputs: Properties, fqdn: string): Properties {
  return {
    zoneId: inputs["zoneId"] ?? null,
    name: plainName(text(inputs["name"])),
    type: inputs["type"] ?? null,
    ttl: inputs["ttl"] ?? null,
    records: inputs["records"] ?? null,
    allowOverwrite: inputs["allowOverwrite"] ?? null,
    fqdn,
  };
}

async function announce(call: AwsCall, { id, outputs }: Stored): Promise<void> {
  const type = text(outputs["type"]);
  const values = texts(outputs["records"]);
  await call.machines.setNames(id, [{ name: text(outputs["fqdn"]), type, values }]);
}
