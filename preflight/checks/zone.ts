import { CLOUDS, fewOf, type Check, type Context, type Finding } from "../check";
import { hostedZone, hostedZonesByName } from "../cloud/aws-services";

/** The DNS zone, where one is given, is the account's. */
export const zone: Check = {
  name: "zone",
  targets: CLOUDS,
  run: async (context) => {
    if (context.settings.zone === "") return [];
    return context.settings.target === "droplet" ? checkDigitalOcean(context) : checkAws(context);
  },
};

async function checkDigitalOcean({ settings, digitalOcean }: Context): Promise<Finding[]> {
  const names = (await digitalOcean.domains()).map(({ name }) => name);
  if (names.includes(settings.zone)) return [];
  return [
    {
      problem: `the DigitalOcean account has no domain "${settings.zone}"`,
      next: `add the domain under Networking, or set zone to ${names.length === 0 ? "" : `one of ${fewOf(names)} or to `}"" to make the records elsewhere`,
    },
  ];
}

async function checkAws({ settings, aws }: Context): Promise<Finding[]> {
  const next = 'set zone to the id of a public hosted zone, or to "" to make the records elsewhere';
  if (!/^Z[A-Z0-9]+$/.test(settings.zone)) {
    const ids = await hostedZonesByName(aws, settings.zone.replace(/\.$/, ""));
    return [
      {
        problem: `"${settings.zone}" is no id of a hosted zone`,
        next: ids.length === 0 ? next : `set zone to ${ids.join(" or ")}, the id of that name`,
      },
    ];
  }
  const found = await hostedZone(aws, settings.zone);
  if (found === undefined) {
    return [{ problem: `the AWS account has no hosted zone "${settings.zone}"`, next }];
  }
  if (found.private) {
    return [
      { problem: `hosted zone "${settings.zone}" (${found.name}) answers only inside a VPC`, next },
    ];
  }
  return [];
}
