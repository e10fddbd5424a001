import type { Cloud } from "../core/cloud-type";
import { awsAccount } from "./account";
import { refuse } from "./errors";
import { provider } from "./provider";

const VERBS: Record<string, string> = {
  create: "Create",
  read: "Describe",
  update: "Modify",
  delete: "Delete",
};

interface Words {
  service: string;
  create?: string;
  quota?: string;
  nameTaken?: string;
}

const EC2 = { service: "EC2" };
const RDS = { service: "RDS" };
const WORDS: Record<string, Words> = {
  Vpc: { ...EC2, quota: "VpcLimitExceeded" },
  Subnet: { ...EC2, quota: "SubnetLimitExceeded", nameTaken: "InvalidSubnet.Conflict" },
  InternetGateway: { ...EC2, quota: "InternetGatewayLimitExceeded" },
  RouteTable: { ...EC2, quota: "RouteTableLimitExceeded" },
  SecurityGroup: {
    ...EC2,
    quota: "SecurityGroupLimitExceeded",
    nameTaken: "InvalidGroup.Duplicate",
  },
  KeyPair: { ...EC2, create: "ImportKeyPair", nameTaken: "InvalidKeyPair.Duplicate" },
  Volume: { ...EC2, quota: "VolumeLimitExceeded" },
  Eip: { ...EC2, create: "AllocateAddress", quota: "AddressLimitExceeded" },
  SubnetGroup: {
    ...RDS,
    quota: "DBSubnetGroupQuotaExceeded",
    nameTaken: "DBSubnetGroupAlreadyExists",
  },
  ParameterGroup: {
    ...RDS,
    quota: "DBParameterGroupQuotaExceeded",
    nameTaken: "DBParameterGroupAlreadyExists",
  },
  Record: { service: "Route 53", nameTaken: "InvalidChangeBatch" },
};
const INSTANCES: Record<"ec2" | "rds", Words> = {
  ec2: { ...EC2, create: "RunInstances", quota: "VcpuLimitExceeded" },
  rds: {
    ...RDS,
    create: "CreateDBInstance",
    quota: "InstanceQuotaExceeded",
    nameTaken: "DBInstanceAlreadyExists",
  },
};

/** What all types of AWS share: who is let in, and how it refuses. */
export const aws: Cloud = {
  name: "aws",
  authenticate: (account) => {
    const { accessKeyId, region } = awsAccount(account);
    if (provider().accessKey !== accessKeyId) {
      throw refuse(
        "STS",
        "GetCallerIdentity",
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
        403,
      );
    }
    if (provider().region !== region) {
      throw new Error(`the simulated account has region ${region} only, not ${provider().region}`);
    }
  },
  refusal: (kind, type, operation) => {
    const words = WORDS[type] ?? INSTANCES[type === "Instance" ? "ec2" : "rds"];
    const name = words.create !== undefined && operation === "create" ? words.create : undefined;
    const called = name ?? `${VERBS[operation] ?? ""}${type}`;
    if (kind === "quota") {
      const message = "You have reached the maximum number of this kind of resource.";
      return refuse(words.service, called, words.quota ?? "LimitExceeded", message).message;
    }
    if (kind === "nameTaken") {
      const message = "A resource of this name already exists.";
      return refuse(words.service, called, words.nameTaken ?? "AlreadyExists", message).message;
    }
    const message = "An internal error has occurred";
    return refuse(words.service, called, "InternalError", message, 500).message;
  },
};
