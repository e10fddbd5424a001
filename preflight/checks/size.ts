import { CLOUDS, fewOf, type Check, type Context, type Finding } from "../check";
import { currentServerName } from "../names";

/** The size exists in the region, and a server that is there already can be resized to it. */
export const size: Check = {
  name: "size",
  targets: CLOUDS,
  run: (context) =>
    context.settings.target === "droplet" ? checkDigitalOcean(context) : checkAws(context),
};

async function checkDigitalOcean(context: Context): Promise<Finding[]> {
  const { settings, digitalOcean } = context;
  const sizes = await digitalOcean.sizes();
  const here = sizes.filter((each) => each.available && each.regions.includes(settings.region));
  const wanted = sizes.find(({ slug }) => slug === settings.size);
  if (wanted === undefined) {
    return [
      {
        problem: `DigitalOcean has no size "${settings.size}"`,
        next: `set size to one of ${fewOf(here.map(({ slug }) => slug))}`,
      },
    ];
  }
  const findings: Finding[] = [];
  if (!here.includes(wanted)) {
    findings.push({
      problem: `size "${settings.size}" is not to be had in region "${settings.region}"`,
      next: `set size to one of ${fewOf(here.map(({ slug }) => slug))}`,
    });
  }
  // One of an earlier generation is not resized, another takes its place.
  const present = (await digitalOcean.ourDroplets()).filter(
    ({ name }) => name === currentServerName(settings),
  );
  for (const droplet of present) {
    // The provider would power the droplet off, be refused, and power it on again: an outage for nothing.
    if (wanted.disk >= droplet.disk) continue;
    const larger = here.filter(({ disk }) => disk >= droplet.disk).map(({ slug }) => slug);
    findings.push({
      problem: `droplet ${droplet.name} has a disk of ${droplet.disk} GiB, which can't shrink to the ${wanted.disk} GiB of size "${settings.size}"`,
      next: `set size to one with at least that disk (${fewOf(larger)}), or raise serverGeneration to rebuild the server`,
    });
  }
  return findings;
}

async function checkAws({ settings, aws }: Context): Promise<Finding[]> {
  if ((await aws.instanceType()) !== undefined) return [];
  return [
    {
      problem: `region "${settings.region}" offers no instance type "${settings.size}"`,
      next: "set size to a type that `aws ec2 describe-instance-type-offerings` lists for the region, such as t3.small",
    },
  ];
}
