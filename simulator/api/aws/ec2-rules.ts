import ipaddr from "ipaddr.js";
import { ingressRules, securityGroups } from "../../aws/kinds";
import type { Stored } from "../../aws/resource";
import { number, text } from "../../aws/values";
import { hexId } from "../../core/ids";
import { listOf, structuresOf, type Asked } from "./asked";
import { Refused } from "./refused";
import type { XmlObject } from "./xml";

/** Adds rules to a security group; the records are of the form that the simulated resource has. */
export async function authorizeIngress({ state, params, account }: Asked): Promise<XmlObject> {
  const group = params.get("GroupId") ?? "";
  const asked = structuresOf(params, "IpPermissions").flatMap((permission) =>
    structuresOf(permission, "IpRanges").map((range) => ruleOf(group, permission, range)),
  );
  if (asked.length === 0) {
    throw new Refused(400, "MissingParameter", "Missing source specification: include CidrIp");
  }
  return state.locked(() => {
    if (state.get(securityGroups, group) === undefined) {
      throw new Refused(
        400,
        "InvalidGroup.NotFound",
        `The security group '${group}' does not exist`,
      );
    }
    const made = asked.map((outputs) => {
      if (state.list(ingressRules).some((held) => isSame(held, outputs))) {
        const peer = `peer: ${outputs.cidrIpv4}, ${outputs.ipProtocol.toUpperCase()}`;
        throw new Refused(
          400,
          "InvalidPermission.Duplicate",
          `the specified rule "${peer}, from port: ${outputs.fromPort}, to port: ${outputs.toPort}, ALLOW" already exists`,
        );
      }
      const id = hexId("sgr-");
      const arn = `arn:aws:ec2:${account.region}:${account.accountId}:security-group-rule/${id}`;
      return { id, outputs: { ...outputs, arn, securityGroupRuleId: id, tagsAll: {} } };
    });
    for (const rule of made) state.put(ingressRules, rule.id, rule);
    const item = made.map(({ id, outputs }) => ({
      securityGroupRuleId: id,
      groupId: group,
      isEgress: false,
      ipProtocol: outputs.ipProtocol,
      fromPort: outputs.fromPort,
      toPort: outputs.toPort,
      cidrIpv4: outputs.cidrIpv4,
      description: outputs.description ?? undefined,
    }));
    return { return: true, securityGroupRuleSet: { item } };
  });
}

/** Removes rules of a security group by their ids. */
export async function revokeIngress({ state, params }: Asked): Promise<XmlObject> {
  const group = params.get("GroupId") ?? "";
  const ids = listOf(params, "SecurityGroupRuleId");
  if (ids.length === 0) {
    throw new Refused(400, "MissingParameter", "The request must contain SecurityGroupRuleIds");
  }
  return state.locked(() => {
    for (const id of ids) {
      const held = state.get(ingressRules, id);
      if (held === undefined || text(held.outputs["securityGroupId"]) !== group) {
        const message = `The security group rule ID '${id}' does not exist`;
        throw new Refused(400, "InvalidSecurityGroupRuleId.NotFound", message);
      }
    }
    for (const id of ids) state.remove(ingressRules, id);
    return { return: true };
  });
}

interface Rule {
  readonly securityGroupId: string;
  readonly ipProtocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrIpv4: string;
  readonly description: string | null;
}

function ruleOf(group: string, permission: URLSearchParams, range: URLSearchParams): Rule {
  const cidrIpv4 = range.get("CidrIp") ?? "";
  if (!ipaddr.IPv4.isValidCIDR(cidrIpv4)) {
    throw new Refused(400, "InvalidParameterValue", `CIDR block ${cidrIpv4} is malformed`);
  }
  const description = range.get("Description");
  if (description !== null && !/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(description)) {
    throw new Refused(400, "InvalidParameterValue", "Invalid rule description");
  }
  return {
    securityGroupId: group,
    ipProtocol: permission.get("IpProtocol") ?? "",
    fromPort: Number(permission.get("FromPort")),
    toPort: Number(permission.get("ToPort")),
    cidrIpv4,
    description,
  };
}

function isSame({ outputs }: Stored, rule: Rule): boolean {
  return (
    text(outputs["securityGroupId"]) === rule.securityGroupId &&
    text(outputs["ipProtocol"]) === rule.ipProtocol &&
    number(outputs["fromPort"]) === rule.fromPort &&
    number(outputs["toPort"]) === rule.toPort &&
    text(outputs["cidrIpv4"]) === rule.cidrIpv4
  );
}
