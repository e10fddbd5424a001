import type { Account } from "../core/account";
import { provider } from "./provider";

/** An instance type of the account. */
export interface InstanceType {
  type: string;
  architectures: string[];
  vcpus: number;
}

/** What the AWS account has, with everything filled in. */
export interface AwsAccount {
  accessKeyId: string;
  accountId: string;
  region: string;
  instanceTypes: InstanceType[];
  images: { id: string; architecture: string }[];
  zones: { id: string; name: string }[];
  /** Database classes; empty for any. */
  databaseClasses: string[];
  /** Full engine versions of PostgreSQL; the last is the newest. */
  engineVersions: string[];
  /** Most of a kind that may exist at once: vcpus, addresses, vpcs, databases. */
  limits: Record<string, number>;
  /** Seconds for which a refused delete is tried again. Default 60, for AWS's minutes. */
  retrySeconds: number;
}

const DEFAULTS = {
  accountId: "123456789012",
  databaseClasses: [] as string[],
  engineVersions: ["16.9", "17.4", "17.6"],
  limits: {} as Record<string, number>,
  retrySeconds: 60,
};
const TYPE = { architectures: ["x86_64"], vcpus: 2 };

/** Reads the AWS part of the accounts. */
export function awsAccount(account: Account): AwsAccount {
  const found = account.aws as (Partial<AwsAccount> & NonNullable<Account["aws"]>) | undefined;
  if (found === undefined) throw new Error("account.json has no aws part");
  const types = found.instanceTypes as (string | (Partial<InstanceType> & { type: string }))[];
  return {
    ...DEFAULTS,
    ...found,
    instanceTypes: types.map((type) =>
      typeof type === "string" ? { ...TYPE, type } : { ...TYPE, ...type },
    ),
  };
}

/** An Amazon resource name in the provider's region. */
export function arn(account: AwsAccount, service: string, rest: string): string {
  return `arn:aws:${service}:${provider().region}:${account.accountId}:${rest}`;
}
