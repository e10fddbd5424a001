import { CLOUDS, type Check, type Context, type Finding } from "../check";

/** The image exists, in the region, and fits the size. */
export const image: Check = {
  name: "image",
  targets: CLOUDS,
  run: (context) =>
    context.settings.target === "droplet" ? checkDigitalOcean(context) : checkAws(context),
};

async function checkDigitalOcean({ settings, digitalOcean }: Context): Promise<Finding[]> {
  const found = await digitalOcean.image();
  if (found === undefined) {
    return [
      {
        problem: `DigitalOcean has no image "${settings.image}"`,
        next: "set image to the slug of a Debian image, such as debian-13-x64",
      },
    ];
  }
  const findings: Finding[] = [];
  if (found.status !== undefined && found.status !== "available") {
    findings.push({
      problem: `image "${settings.image}" is ${found.status}`,
      next: "set image to one that is available, such as debian-13-x64",
    });
  }
  if (!found.regions.includes(settings.region)) {
    findings.push({
      problem: `image "${settings.image}" is not in region "${settings.region}"`,
      next: `it is in ${found.regions.join(", ") || "no region"}; set region or image`,
    });
  }
  const wanted = (await digitalOcean.sizes()).find(({ slug }) => slug === settings.size);
  if (wanted !== undefined && found.min_disk_size > wanted.disk) {
    findings.push({
      problem: `image "${settings.image}" needs a disk of ${found.min_disk_size} GiB, size "${settings.size}" has ${wanted.disk}`,
      next: "set size to a larger one",
    });
  }
  return findings;
}

async function checkAws({ settings, aws }: Context): Promise<Finding[]> {
  const found = await aws.image();
  if (found === undefined) {
    return [
      {
        problem: `region "${settings.region}" has no image "${settings.image}" that this account may use`,
        next: "set image to the AMI id of Debian 13 in that region (ids differ by region)",
      },
    ];
  }
  if (found.State !== "available") {
    return [
      {
        problem: `image "${settings.image}" is ${found.State ?? "in no known state"}`,
        next: "set image to one that is available",
      },
    ];
  }
  const architectures = (await aws.instanceType())?.ProcessorInfo?.SupportedArchitectures;
  const fits = architectures?.some((one) => one === (found.Architecture as string | undefined));
  return fits === false
    ? [
        {
          problem: `image "${settings.image}" is for ${found.Architecture ?? "an unknown architecture"}, size "${settings.size}" runs ${architectures?.join(", ") ?? ""}`,
          next: "set image and size to the same architecture",
        },
      ]
    : [];
}
