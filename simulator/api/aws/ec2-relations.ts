import * as kinds from "../../aws/kinds";
import type { Stored } from "../../aws/resource";
import { number, text, texts } from "../../aws/values";
import type { State } from "../../core/state";
import type { XmlObject } from "./xml";

/** Elements of a route table that say what it joins: its subnets and where its routes lead. */
export function inTable(state: State, { id, outputs }: Stored): XmlObject {
  const isOurs = (other: Stored) => text(other.outputs["routeTableId"]) === id;
  const associations = state.list(kinds.routeTableAssociations).filter(isOurs);
  const vpc = state.get(kinds.vpcs, text(outputs["vpcId"]));
  return {
    associationSet: {
      item: associations.map((each) => ({
        routeTableAssociationId: each.id,
        routeTableId: id,
        subnetId: text(each.outputs["subnetId"]),
        main: false,
        associationState: { state: "associated" },
      })),
    },
    routeSet: {
      item: [
        {
          destinationCidrBlock: text(vpc?.outputs["cidrBlock"]) || undefined,
          gatewayId: "local",
          state: "active",
          origin: "CreateRouteTable",
        },
        ...state
          .list(kinds.routes)
          .filter(isOurs)
          .map(({ outputs: route }) => ({
            destinationCidrBlock: text(route["destinationCidrBlock"]) || undefined,
            destinationIpv6CidrBlock: text(route["destinationIpv6CidrBlock"]) || undefined,
            gatewayId: text(route["gatewayId"]),
            state: "active",
            origin: "CreateRoute",
          })),
      ],
    },
  };
}

/** Elements of a security group, with its permissions in both directions. */
export function inGroup(state: State, { id, outputs }: Stored): XmlObject {
  const isOurs = (other: Stored) => text(other.outputs["securityGroupId"]) === id;
  return {
    groupId: id,
    groupName: text(outputs["name"]),
    groupDescription: text(outputs["description"]),
    vpcId: text(outputs["vpcId"]),
    ipPermissions: { item: state.list(kinds.ingressRules).filter(isOurs).map(permission) },
    ipPermissionsEgress: { item: state.list(kinds.egressRules).filter(isOurs).map(permission) },
  };
}

/** What filters look at in a security group, beside its id. */
export function groupTraits({ outputs }: Stored): Record<string, string> {
  return { "group-name": text(outputs["name"]) };
}

/** Elements of one rule of a security group. A rule for every port has -1 there. */
export function ruleElements({ id, outputs }: Stored, isEgress: boolean): XmlObject {
  const referenced = text(outputs["referencedSecurityGroupId"]);
  return {
    securityGroupRuleId: id,
    groupId: text(outputs["securityGroupId"]),
    isEgress,
    ...span(outputs),
    cidrIpv4: text(outputs["cidrIpv4"]) || undefined,
    cidrIpv6: text(outputs["cidrIpv6"]) || undefined,
    referencedGroupInfo: referenced === "" ? undefined : { groupId: referenced },
    description: text(outputs["description"]) || undefined,
  };
}

function permission({ outputs }: Stored): XmlObject {
  const v4 = text(outputs["cidrIpv4"]);
  const v6 = text(outputs["cidrIpv6"]);
  const description = text(outputs["description"]) || undefined;
  return {
    ...span(outputs),
    ipRanges: { item: v4 === "" ? [] : [{ cidrIp: v4, description }] },
    ipv6Ranges: { item: v6 === "" ? [] : [{ cidrIpv6: v6, description }] },
    groups: {
      item: texts([outputs["referencedSecurityGroupId"] ?? ""])
        .filter((groupId) => groupId !== "")
        .map((groupId) => ({ groupId })),
    },
  };
}

function span(outputs: Stored["outputs"]): XmlObject {
  return {
    ipProtocol: text(outputs["ipProtocol"]),
    fromPort: number(outputs["fromPort"]) ?? -1,
    toPort: number(outputs["toPort"]) ?? -1,
  };
}
