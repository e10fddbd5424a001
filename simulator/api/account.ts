import type { Account } from "../core/account";
import { readAccount } from "../core/account";
import type { State } from "../core/state";

/** What the API knows of the AWS account beside what the simulated resources need; everything may be left out. */
export interface AwsExtras {
  /** Where given, signatures are verified with it. */
  readonly secretAccessKey?: string;
  /** Regions that exist, but that the account has not enabled. */
  readonly disabledRegions?: readonly string[];
  /** Hosted zones that answer only inside a network, by id. */
  readonly privateZones?: readonly string[];
  /** Actions, such as `servicequotas:GetServiceQuota`, that the credentials may not use. */
  readonly denied?: readonly string[];
}

/** What the API tells beside what the simulated resources need; everything may be left out of account.json. */
export interface ApiAccount extends Account {
  /** Address that everyone is told to come from; default the one a request comes from. */
  readonly callerAddress?: string;
  readonly digitalocean?: Account["digitalocean"] & {
    readonly status?: "active" | "warning" | "locked";
    readonly volumeLimit?: number;
    readonly reservedIpLimit?: number;
    /** Regions that take no new droplets. */
    readonly closedRegions?: readonly string[];
    /** Regions of a size by its slug; default all. */
    readonly sizeRegions?: Readonly<Record<string, readonly string[]>>;
    /** Regions of an image by its slug; default all. */
    readonly imageRegions?: Readonly<Record<string, readonly string[]>>;
    /** GiB that an image needs, by its slug; default 10. */
    readonly imageDisks?: Readonly<Record<string, number>>;
    /** What the token may, such as `droplet:read`; default everything. */
    readonly scopes?: readonly string[];
  };
  readonly aws?: Account["aws"] & AwsExtras;
}

/** Reads account.json, as it is now. */
export function readApiAccount(state: State): ApiAccount {
  return readAccount(state);
}
