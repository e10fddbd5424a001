import type { ResourceValidationArgs } from "@pulumi/policy";
import { ifKnown, rule, stackOf } from "../rule";
import {
  DROPLET,
  DROPLET_VOLUME,
  EBS_VOLUME,
  INSTANCE,
  RDS_INSTANCE,
  RDS_PARAMETERS,
  SECURITY_GROUP,
} from "../types";

const AWS_TYPES = [
  INSTANCE,
  EBS_VOLUME,
  RDS_INSTANCE,
  RDS_PARAMETERS,
  SECURITY_GROUP,
  "aws:ec2/eip:Eip",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/keyPair:KeyPair",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:rds/subnetGroup:SubnetGroup",
];
const AWS_KEYS = ["berth:stack", "berth:app"];

/** What costs money, or is looked for by hand, says which stack and application it belongs to. */
export const requiredTags = rule({
  name: "required-tags",
  description: "Resources carry the stack and the application as tags.",
  types: [DROPLET, DROPLET_VOLUME, ...AWS_TYPES],
  check: (resource) =>
    resource.type.startsWith("aws:") ? missingKeys(resource) : missingWords(resource),
});

/** DigitalOcean has words: `berth-<stack>` and `berth-<application>-<stack>`. */
function missingWords({ name, urn, props }: ResourceValidationArgs): string[] {
  const stack = stackOf(urn);
  const given = (props.tags ?? []) as string[];
  // A tag that the same update makes is not known in a preview.
  const tags = Array.from({ length: given.length }, (_, index) => ifKnown(() => given[index]));
  if (tags.includes(undefined)) return [];
  const hasStack = tags.includes(`berth-${stack}`);
  const hasServer = tags.some((tag) => new RegExp(`^berth-.+-${stack}$`).test(tag ?? ""));
  return hasStack && hasServer
    ? []
    : [
        `${name} lacks the tags berth-${stack} and berth-<application>-${stack}; it has ${tags.join(", ") || "none"}.`,
      ];
}

function missingKeys({ name, urn, props, provider }: ResourceValidationArgs): string[] {
  const stack = stackOf(urn);
  const tags = {
    ...defaultTags(provider?.props),
    ...((props.tagsAll ?? {}) as Record<string, string>),
    ...((props.tags ?? {}) as Record<string, string>),
  };
  const findings = AWS_KEYS.filter((key) => (tags[key] ?? "") === "").map(
    (key) => `${name} lacks the tag ${key}; give it to the provider as one of its defaultTags.`,
  );
  if (tags["berth:stack"] !== undefined && tags["berth:stack"] !== stack) {
    findings.push(
      `${name} has the tag berth:stack ${tags["berth:stack"]}; it belongs to ${stack}.`,
    );
  }
  return findings;
}

/** Tags that the provider puts on all it makes; the engine hands nested settings over as JSON. */
function defaultTags(settings: Record<string, unknown> = {}): Record<string, string> {
  const given = settings.defaultTags;
  const parsed = (typeof given === "string" ? JSON.parse(given) : given) as
    { tags?: Record<string, string> } | undefined;
  return parsed?.tags ?? {};
}
