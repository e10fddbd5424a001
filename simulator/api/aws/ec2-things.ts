import * as kinds from "../../aws/kinds";
import type { Stored } from "../../aws/resource";
import { fields, number, text } from "../../aws/values";
import type { Properties } from "../../../toolchain/plugins/provider/values";
import type { Asked } from "./asked";
import type { Traits } from "./ec2-filters";
import { groupTraits, inGroup, inTable, ruleElements } from "./ec2-relations";
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
          ...inTable(state, stored),
        }),
      ),
  },
  DescribeSecurityGroups: {
    set: "securityGroupInfo",
    ids: ["GroupId", "InvalidGroup.NotFound"],
    filters: ["group-id", "group-name", "vpc-id"],
    things: ({ state }) =>
      state.list(kinds.securityGroups).map((each) => {
        const made = thing(each, "group-id", inGroup(state, each));
        return { ...made, traits: { ...made.traits, ...groupTraits(each) } };
      }),
  },
  DescribeSecurityGroupRules: {
    set: "securityGroupRuleSet",
    ids: ["SecurityGroupRuleId", "InvalidSecurityGroupRuleId.NotFound"],
    filters: ["group-id", "security-group-rule-id"],
    things: ({ state }) => [
      ...state.list(kinds.ingressRules).map((each) => rule(each, false)),
      ...state.list(kinds.egressRules).map((each) => rule(each, true)),
    ],
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

function rule(stored: Stored, isEgress: boolean): Thing {
  const made = thing(stored, "security-group-rule-id", ruleElements(stored, isEgress));
  const groupId = text(stored.outputs["securityGroupId"]);
  return { ...made, traits: { ...made.traits, "group-id": groupId } };
}
