import { CLOUDS, type Check } from "../check";
import { isOurName } from "../names";

/** The data volume is not asked to shrink. */
export const volume: Check = {
  name: "volume",
  targets: CLOUDS,
  run: async ({ settings, digitalOcean, aws }) => {
    const { volumeSizeGb } = settings;
    const sizes =
      settings.target === "droplet"
        ? (await digitalOcean.volumes())
            .filter(({ name }) => isOurName(settings, name))
            .map(({ size_gigabytes }) => size_gigabytes)
        : (await aws.ourVolumes()).map(({ Size }) => Size ?? 0);
    const largest = Math.max(0, ...sizes);
    if (largest <= volumeSizeGb) return [];
    return [
      {
        problem: `the data volume has ${largest} GiB and can't shrink to ${volumeSizeGb}`,
        next: `set volumeSizeGb to ${largest} or more`,
      },
    ];
  },
};
