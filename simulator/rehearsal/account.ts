import type { Account, DropletSize } from "../core/account";

/** Token and keys of the simulated accounts; they open nothing. */
export const CREDENTIALS = {
  token: "dop_v1_rehearsal",
  accessKeyId: "AKIAREHEARSAL0000000",
  secretAccessKey: "rehearsal",
};

const SIZES: readonly DropletSize[] = [
  { slug: "s-1vcpu-1gb", disk: 25, vcpus: 1, memory: 1024 },
  { slug: "s-1vcpu-2gb", disk: 50, vcpus: 1, memory: 2048 },
  { slug: "s-2vcpu-2gb", disk: 60, vcpus: 2, memory: 2048 },
  { slug: "s-2vcpu-4gb", disk: 80, vcpus: 2, memory: 4096 },
  { slug: "s-4vcpu-8gb", disk: 160, vcpus: 4, memory: 8192 },
];
const REGIONS = ["nyc3", "ams3", "fra1", "lon1", "sgp1"];
const INSTANCE_TYPES = ["t3.small", "t3.medium", "t3.large"];
const DROPLETS = 10;
/** The account of the tests' addresses. */
const ACCOUNT_ID = "123456789012";

/** Accounts in which the stack of this configuration can be made: its image and its zone are there. */
export function accountFor({ config = {} }: { config?: Record<string, unknown> }): Account {
  const text = (key: string) => {
    const value = config[`berth:${key}`];
    return typeof value === "string" ? value : "";
  };
  const isAws = text("target") === "ec2";
  const [image, zone] = [text("image"), text("zone")];
  const { token, accessKeyId, secretAccessKey } = CREDENTIALS;
  const aws = {
    ...{ accessKeyId, secretAccessKey, accountId: ACCOUNT_ID },
    region: isAws ? text("region") : "eu-central-1",
    instanceTypes: INSTANCE_TYPES,
    images: isAws ? [{ id: image, architecture: "x86_64" }] : [],
    zones: isAws && zone !== "" ? [{ id: zone, name: zoneOf(config["berth:domains"]) }] : [],
    limits: {},
  };
  return {
    digitalocean: {
      token,
      regions: REGIONS,
      sizes: [...SIZES],
      images: isAws || image === "" ? ["debian-13-x64"] : [image],
      domains: isAws || zone === "" ? [] : [zone],
      dropletLimit: DROPLETS,
    },
    aws,
  };
}

/** The domain that all the stack's domains lie below: the end that they share, without the label of the shortest. */
function zoneOf(domains: unknown): string {
  const names = Object.values((domains ?? {}) as Record<string, string>);
  const [shortest = ""] = names.sort((one, other) => one.length - other.length);
  const labels = shortest.split(".");
  return labels.length > 2 ? labels.slice(1).join(".") : shortest;
}
