import { CLOUDS, fewOf, type Check, type Context, type Finding } from "../check";

/** The region exists and the account may make things in it. */
export const region: Check = {
  name: "region",
  targets: CLOUDS,
  run: (context) =>
    context.settings.target === "droplet" ? checkDigitalOcean(context) : checkAws(context),
};

async function checkDigitalOcean({ settings, digitalOcean }: Context): Promise<Finding[]> {
  const regions = await digitalOcean.regions();
  const usable = regions.filter(({ available }) => available).map(({ slug }) => slug);
  const found = regions.find(({ slug }) => slug === settings.region.toLowerCase());
  const next = `set region to one of ${fewOf(usable, 20)}`;
  if (found === undefined) {
    return [{ problem: `DigitalOcean has no region "${settings.region}"`, next }];
  }
  if (!found.available) {
    return [{ problem: `region "${settings.region}" takes no new droplets`, next }];
  }
  if (!found.features.includes("storage")) {
    return [{ problem: `region "${settings.region}" has no volumes`, next }];
  }
  return [];
}

async function checkAws({ settings, aws }: Context): Promise<Finding[]> {
  const regions = await aws.regions();
  const found = regions.find(({ RegionName }) => RegionName === settings.region);
  if (found === undefined) {
    const names = regions.map(({ RegionName }) => RegionName ?? "");
    return [
      {
        problem: `AWS has no region "${settings.region}"`,
        next: `set region to one of ${fewOf(names, 40)}`,
      },
    ];
  }
  if (found.OptInStatus === "not-opted-in") {
    return [
      {
        problem: `the AWS account has not enabled region "${settings.region}"`,
        next: "enable it in the account's settings, or set region to another one",
      },
    ];
  }
  return [];
}
