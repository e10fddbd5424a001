import { CLOUDS, type Check, type Context, type Finding } from "../check";
import { NotAllowed } from "../cloud/errors";
import { currentServerName, isOurName } from "../names";
import { addressNeed, networkNeed, processorNeed } from "./quota-aws";

/** What is still to be made, what there is, and how much the account may have. */
export interface Need {
  /** The thing in the plural, as the cloud calls it. */
  readonly things: string;
  readonly used: number;
  readonly needed: number;
  /** Undefined where the cloud does not tell. */
  readonly limit: number | undefined;
}

/** The account's limits leave room for what is to be made; what is ours already needs none. */
export const quota: Check = {
  name: "quota",
  targets: CLOUDS,
  run: async (context) => {
    const needs =
      context.settings.target === "droplet"
        ? await digitalOceanNeeds(context)
        : await Promise.all([processorNeed(context), addressNeed(context), networkNeed(context)]);
    return needs.flatMap((need) => exceeded(need, context));
  },
};

function exceeded({ things, used, needed, limit }: Need, { settings }: Context): Finding[] {
  if (needed === 0 || limit === undefined || used + needed <= limit) return [];
  const cloud = settings.target === "droplet" ? "DigitalOcean" : "AWS";
  return [
    {
      problem: `the account may have ${limit} ${things} and has ${used}; ${needed} more ${needed === 1 ? "is" : "are"} needed`,
      next: `remove what is not used, or ask ${cloud} for a higher limit`,
    },
  ];
}

async function digitalOceanNeeds(context: Context): Promise<Need[]> {
  const { digitalOcean, settings, firstRun } = context;
  const [account, ours, volumes, droplets, addresses] = await Promise.all([
    digitalOcean.account(),
    digitalOcean.ourDroplets(),
    digitalOcean.volumes(),
    digitalOcean.count("droplets"),
    digitalOcean.count("reserved_ips"),
  ]);
  const ourVolume = volumes.some(({ name }) => isOurName(settings, name));
  return [
    {
      things: "droplets",
      used: droplets,
      // A rebuilt server stands beside the old one for a while.
      needed: ours.some(({ name }) => name === currentServerName(settings)) ? 0 : 1,
      limit: account.droplet_limit,
    },
    {
      things: "volumes",
      used: volumes.length,
      needed: ourVolume ? 0 : 1,
      limit: account.volume_limit,
    },
    {
      things: "reserved IPs",
      used: addresses,
      // A reserved IP has neither name nor tag to be known by.
      needed: firstRun ? 1 : 0,
      limit: account.reserved_ip_limit ?? account.floating_ip_limit,
    },
  ];
}

/** Asks for a limit; undefined where the credentials may not see limits, which is no reason to refuse a deploy. */
export async function limitIfAllowed(
  ask: () => Promise<number | undefined>,
): Promise<number | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NotAllowed) return undefined;
    throw error;
  }
}
