import * as kinds from "../../aws/kinds";
import type { Stored } from "../../aws/resource";
import { fields, number, text, texts } from "../../aws/values";
import type { State } from "../../core/state";
import type { Properties } from "../../../toolchain/plugins/provider/values";
import type { Asked } from "./asked";
import type { Traits } from "./ec2-filters";
import type { XmlObject } from "./xml";

/** Something that an action lists. */
export interface Thing {
  readonly id: string;
  /** What filters look at, beside tags. */
  readonly traits: Traits;
  readonly tags: Readonly<Record<string, string>>;
  /** Elements, without the tags. */
  readonly elements: XmlObject;
}

/** How an action lists its things. */
export interface Listing {
  /** Element that holds the list. */
  readonly set: string;
  /** Parameter that names things, and the error for one that is not there. */
  readonly ids: readonly [parameter: string, code: string];
  readonly filters: readonly string[];
  readonly things: (asked: Asked) => Thing[];
}

/** The actions that list what the account has, except instances. */
export const LISTINGS: Readonly<Record<string, Listing>> = {
  DescribeVpcs: {
    set: "vpcSet",
    ids: ["VpcId", "InvalidVpcID.NotFound"],
    filters: ["vpc-id"],
    things: ({ state }) =>
      state.list(kinds.vpcs).map((stored) =>
        thing(stored, "vpc-id", {
          vpcId: stored.id,
          state: "available",
          cidrBlock: text(stored.outputs["cidrBlock"]),
          isDefault: false,
        }),
      ),
  },
  DescribeSubnets: {
    set: "subnetSet",
    ids: ["SubnetId", "InvalidSubnetID.NotFound"],
    filters: ["subnet-id", "vpc-id"],
    things: ({ state }) =>
      state.list(kinds.subnets).map((stored) =>
        thing(stored, "subnet-id", {
          subnetId: stored.id,
          state: "available",
          vpcId: text(stored.outputs["vpcId"]),
          cidrBlock: text(stored.outputs["cidrBlock"]),
          availabilityZone: text(stored.outputs["availabilityZone"]),
        }),
      ),
  },
  DescribeInternetGateways: {
    set: "internetGatewaySet",
    ids: ["InternetGatewayId", "InvalidInternetGatewayID.NotFound"],
    filters: ["internet-gateway-id"],
    things: ({ state }) =>
      state
        .list(kinds.internetGateways)
        .map((stored) => thing(stored, "internet-gateway-id", { internetGatewayId: stored.id })),
  },
  DescribeRouteTables: {
    set: "routeTableSet",
    ids: ["RouteTableId", "InvalidRouteTableID.NotFound"],
    filters: ["route-table-id", "vpc-id"],
    things: ({ state }) =>
      state.list(kinds.routeTables).map((stored) =>
        thing(stored, "route-table-id", {
          routeTableId: stored.id,
          vpcId: text(stored.outputs["vpcId"]),
        }),
      ),
  },
  DescribeSecurityGroups: {
    set: "securityGroupInfo",
    ids: ["GroupId", "InvalidGroup.NotFound"],
    filters: ["group-id", "group-name", "vpc-id"],
    things: ({ state }) => state.list(kinds.securityGroups).map((each) => group(state, each)),
  },
  DescribeSecurityGroupRules: {
    set: "securityGroupRuleSet",
    ids: ["SecurityGroupRuleId", "InvalidSecurityGroupRuleId.NotFound"],
    filters: ["group-id", "security-group-rule-id"],
    things: ({ state }) => state.list(kinds.ingressRules).map(rule),
  },
  DescribeVolumes: {
    set: "volumeSet",
    ids: ["VolumeId", "InvalidVolume.NotFound"],
    filters: ["volume-id"],
    things: ({ state }) =>
      state.list(kinds.volumes).map((stored) =>
        thing(stored, "volume-id", {
          volumeId: stored.id,
          size: number(stored.outputs["size"]),
          status: stored.attachedTo === undefined ? "available" : "in-use",
          availabilityZone: text(stored.outputs["availabilityZone"]),
        }),
      ),
  },
  DescribeAddresses: {
    set: "addressesSet",
    ids: ["AllocationId", "InvalidAllocationID.NotFound"],
    filters: ["allocation-id", "public-ip"],
    things: ({ state }) =>
      state.list(kinds.addresses).map((stored) =>
        thing(stored, "allocation-id", {
          publicIp: text(stored.outputs["publicIp"]),
          allocationId: stored.id,
          domain: "vpc",
          instanceId: stored.association?.instance,
          associationId: stored.association?.id,
        }),
      ),
  },
  DescribeKeyPairs: {
    set: "keySet",
    ids: ["KeyName", "InvalidKeyPair.NotFound"],
    filters: ["key-name", "key-pair-id"],
    things: ({ state }) =>
      state.list(kinds.keyPairs).map((stored) => {
        const name = text(stored.outputs["keyName"]);
        return {
          ...thing(stored, "key-pair-id", {
            keyPairId: text(stored.outputs["keyPairId"]),
            keyName: name,
            keyFingerprint: text(stored.outputs["fingerprint"]),
            keyType: "ed25519",
          }),
          id: name,
          traits: { "key-name": name },
        };
      }),
  },
};

function thing(stored: Stored, idFilter: string, elements: XmlObject): Thing {
  const { outputs, id } = stored;
  return {
    id,
    traits: {
      [idFilter]: id,
      "vpc-id": text(outputs["vpcId"]),
      "public-ip": text(outputs["publicIp"]),
    },
    tags: tagsOf(outputs),
    elements,
  };
}

/** Tags of what is kept, those of the provider included. */
export function tagsOf(outputs: Properties): Record<string, string> {
  const tags = fields(outputs["tagsAll"]);
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, text(value)]));
}

function group(state: State, stored: Stored): Thing {
  const { outputs, id } = stored;
  const rules = state
    .list(kinds.ingressRules)
    .filter((each) => text(each.outputs["securityGroupId"]) === id);
  const name = text(outputs["name"]);
  const made = thing(stored, "group-id", {
    groupId: id,
    groupName: name,
    groupDescription: text(outputs["description"]),
    vpcId: text(outputs["vpcId"]),
    ipPermissions: { item: rules.map(permission) },
  });
  return { ...made, traits: { ...made.traits, "group-name": name } };
}

function permission({ outputs }: Stored): XmlObject {
  const v4 = text(outputs["cidrIpv4"]);
  const v6 = text(outputs["cidrIpv6"]);
  const description = text(outputs["description"]) || undefined;
  return {
    ipProtocol: text(outputs["ipProtocol"]),
    fromPort: number(outputs["fromPort"]),
    toPort: number(outputs["toPort"]),
    ipRanges: { item: v4 === "" ? [] : [{ cidrIp: v4, description }] },
    ipv6Ranges: { item: v6 === "" ? [] : [{ cidrIpv6: v6, description }] },
    groups: {
      item: texts([outputs["referencedSecurityGroupId"] ?? ""])
        .filter((groupId) => groupId !== "")
        .map((groupId) => ({ groupId })),
    },
  };
}

function rule(stored: Stored): Thing {
  const { outputs, id } = stored;
  const groupId = text(outputs["securityGroupId"]);
  const made = thing(stored, "security-group-rule-id", {
    securityGroupRuleId: id,
    groupId,
    isEgress: false,
    ipProtocol: text(outputs["ipProtocol"]),
    fromPort: number(outputs["fromPort"]),
    toPort: number(outputs["toPort"]),
    cidrIpv4: text(outputs["cidrIpv4"]) || undefined,
    cidrIpv6: text(outputs["cidrIpv6"]) || undefined,
    description: text(outputs["description"]) || undefined,
  });
  return { ...made, traits: { ...made.traits, "group-id": groupId } };
}
