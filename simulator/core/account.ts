import type { State } from "./state";

/** A droplet size of the account. */
export interface DropletSize {
  slug: string;
  /** GB. */
  disk: number;
  vcpus: number;
  /** MB. */
  memory: number;
}

/** What the DigitalOcean account has. */
export interface DigitaloceanAccount {
  /** The only token that is let in. */
  token: string;
  regions: string[];
  sizes: DropletSize[];
  images: string[];
  /** Zones that exist before the stack, made by hand. */
  domains: string[];
  /** Droplets that may exist at once. */
  dropletLimit: number;
}

/** What the AWS account has. */
export interface AwsAccount {
  accessKeyId: string;
  region: string;
  instanceTypes: string[];
  images: { id: string; architecture: string }[];
  /** Hosted zones that exist before the stack, made by hand. */
  zones: { id: string; name: string }[];
  /** Most of a kind that may exist at once, by kind: instances, addresses, vpcs, databases. */
  limits: Record<string, number>;
}

/** The accounts that the simulated clouds know: `account.json` in the state folder. */
export interface Account {
  /** `containers`: machines boot; `none`: they are records only, for tests of rules. Default `containers`. */
  machines?: "containers" | "none";
  digitalocean?: DigitaloceanAccount;
  aws?: AwsAccount;
}

/** Reads the accounts; an error tells what is missing. */
export function readAccount(state: State): Account {
  const account = state.readFile("account.json") as Account | undefined;
  if (account === undefined) throw new Error(`no account.json in the simulator's ${state.folder}`);
  return account;
}
