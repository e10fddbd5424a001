import { CLOUDS, type Check, type Context, type Finding } from "../check";
import { hostedZone } from "../cloud/aws-services";
import { delegationOf } from "../public-names";

interface Zone {
  readonly name: string;
  /** Name servers of the cloud, those that the registrar should name. */
  readonly isServer: (server: string) => boolean;
}

/** The domains lie in the zone, and somebody answers for them in the public DNS. */
export const domains: Check = {
  name: "domains",
  targets: CLOUDS,
  run: async (context) => {
    const { settings } = context;
    const zone = await zoneOf(context);
    if (settings.zone !== "" && zone === undefined) return [];
    const outside = settings.domains.filter((domain) => zone !== undefined && !isIn(domain, zone));
    const findings = outside.map((domain) => ({
      problem: `"${domain}" is not in zone ${zone?.name ?? ""}`,
      next: `set domains to names below ${zone?.name ?? ""}, or zone to theirs`,
    }));
    // What a simulated cloud holds is nowhere to be seen.
    if (!context.publicCloud) return findings;
    const within = settings.domains.filter((domain) => !outside.includes(domain));
    return [...findings, ...(await checkPublic(within, zone, context))];
  },
};

async function zoneOf({ settings, aws }: Context): Promise<Zone | undefined> {
  if (settings.zone === "") return undefined;
  if (settings.target === "droplet") {
    return {
      name: settings.zone,
      isServer: (server) => /^ns[123]\.digitalocean\.com$/.test(server),
    };
  }
  const found = await hostedZone(aws, settings.zone);
  return found && { name: found.name, isServer: (server) => found.nameServers.includes(server) };
}

function isIn(domain: string, zone: Zone): boolean {
  return domain === zone.name || domain.endsWith(`.${zone.name}`);
}

async function checkPublic(
  names: readonly string[],
  zone: Zone | undefined,
  { askServers }: Context,
): Promise<Finding[]> {
  const asked = zone === undefined || names.length === 0 ? names : [zone.name];
  const answers = await Promise.all(
    asked.map(async (name) => ({ name, delegation: await delegationOf(name, askServers) })),
  );
  return answers.flatMap(({ name, delegation }): Finding[] => {
    // No answer says nothing about the domain.
    if (delegation === "unknown") return [];
    if (delegation === "none") {
      return [
        {
          problem: `nobody answers for "${name}" or a domain above it in the public DNS`,
          next: "register the domain first, or correct it in domains",
        },
      ];
    }
    const foreign =
      zone !== undefined &&
      delegation.zone === zone.name &&
      !delegation.servers.some(zone.isServer);
    return foreign
      ? [
          {
            problem: `the public DNS asks ${delegation.servers.join(", ")} for zone ${zone.name}, so records made in this account are not seen`,
            next: 'have the registrar name this account\'s name servers, or set zone to "" and make the records there',
          },
        ]
      : [];
  });
}
