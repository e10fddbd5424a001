import ipaddr from "ipaddr.js";
import type { Properties } from "../../toolchain/plugins/provider/values";
import { hexId } from "../core/ids";
import type { CloudType } from "../core/cloud-type";
import type { Kind } from "../core/state";
import { arn } from "./account";
import { refuse } from "./errors";
import { egressRules, ingressRules, securityGroups } from "./kinds";
import { type AwsCall, awsType, common, find, type Stored } from "./resource";
import { exactlyOne, isGiven, number, text } from "./values";

const SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"] as const;
const PROTOCOLS: Record<string, string> = {
  all: "-1",
  "1": "icmp",
  "6": "tcp",
  "17": "udp",
  "58": "icmpv6",
};
const KEYS = [...SOURCES, "ipProtocol", "fromPort", "toPort"] as const;

/** A rule for what comes in. */
export const ingressRule = ruleType(ingressRules, "Ingress");
/** A rule for what goes out. */
export const egressRule = ruleType(egressRules, "Egress");

function ruleType(kind: Kind<Stored>, direction: "Ingress" | "Egress"): CloudType {
  return awsType({
    kind,
    noun: `VPC Security Group ${direction} Rule`,
    check: complaints,
    canonical: (inputs) => {
      const protocol = text(inputs["ipProtocol"]).toLowerCase();
      return { ...inputs, ipProtocol: PROTOCOLS[protocol] ?? inputs["ipProtocol"] ?? null };
    },
    adjust: (changes) =>
      changes.map((change) => ({
        ...change,
        // Another kind of source is another rule; another value of the same kind is not.
        replaces:
          change.replaces ||
          (change.kind !== "update" && SOURCES.some((name) => name === change.property)),
      })),
    create: (call, inputs) => {
      const operation = `AuthorizeSecurityGroup${direction}`;
      const rule = checked(call, kind, inputs, operation);
      const id = hexId("sgr-");
      return {
        id,
        outputs: {
          ...common(inputs),
          ...rule,
          arn: arn(call.aws, "ec2", `security-group-rule/${id}`),
          securityGroupRuleId: id,
        },
      };
    },
    update: (call, kept, inputs) => ({
      ...kept,
      outputs: {
        ...kept.outputs,
        ...checked(call, kind, inputs, "ModifySecurityGroupRules", kept.id),
      },
    }),
  });
}

function complaints(inputs: Properties): string[] {
  const { ipProtocol, fromPort, toPort } = inputs;
  const given = SOURCES.filter((name) => isGiven(inputs[name]));
  return [
    // One that is not known yet can't be counted.
    ...(given.length > 1 ? exactlyOne(inputs, SOURCES) : []),
    ...[fromPort, toPort]
      .map(number)
      .filter((port) => port !== undefined && (port < -1 || port > 65535))
      .map((port) => `a port is ${port ?? 0}; allowed are -1 to 65535`),
    ...(ipProtocol === "-1" && (isGiven(fromPort) || isGiven(toPort))
      ? [`"fromPort", "toPort": leave them out with ipProtocol -1`]
      : []),
    ...(isGiven(inputs["cidrIpv4"]) && !ipaddr.IPv4.isValidCIDR(text(inputs["cidrIpv4"]))
      ? [`"cidrIpv4": ${text(inputs["cidrIpv4"])} is not a valid IPv4 CIDR block`]
      : []),
    ...(isGiven(inputs["cidrIpv6"]) && !ipaddr.IPv6.isValidCIDR(text(inputs["cidrIpv6"]))
      ? [`"cidrIpv6": ${text(inputs["cidrIpv6"])} is not a valid IPv6 CIDR block`]
      : []),
  ];
}

function checked(
  call: AwsCall,
  kind: Kind<Stored>,
  inputs: Properties,
  operation: string,
  self = "",
): Properties {
  const group = text(inputs["securityGroupId"]);
  if (SOURCES.every((name) => !isGiven(inputs[name]))) {
    const message = "The request must contain a source or destination";
    throw refuse("EC2", operation, "MissingParameter", message);
  }
  for (const id of [group, text(inputs["referencedSecurityGroupId"])].filter((one) => one !== "")) {
    find(call, securityGroups, id, () =>
      refuse(
        "EC2",
        operation,
        "InvalidGroup.NotFound",
        `The security group '${id}' does not exist`,
      ),
    );
  }
  const rule: Properties = { securityGroupId: group, description: inputs["description"] ?? null };
  for (const key of KEYS) rule[key] = inputs[key] ?? null;
  const isSame = (other: Stored) =>
    other.id !== self &&
    other.outputs["securityGroupId"] === group &&
    KEYS.every((key) => (other.outputs[key] ?? null) === rule[key]);
  if (call.state.list(kind).some(isSame)) {
    const peer = text(SOURCES.map((name) => rule[name]).find(isGiven));
    const message = `the specified rule "peer: ${peer}, ${text(rule["ipProtocol"])}, ALLOW" already exists`;
    throw refuse("EC2", operation, "InvalidPermission.Duplicate", message);
  }
  return rule;
}
