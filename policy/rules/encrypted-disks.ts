import { rule } from "../rule";
import { EBS_VOLUME, INSTANCE } from "../types";

/** Every disk at AWS is encrypted: data volumes, and root disks as they hold logs and images. */
export const encryptedDisks = rule({
  name: "encrypted-disks",
  description: "Disks at AWS are encrypted.",
  types: [EBS_VOLUME, INSTANCE],
  check: ({ type, name, props }) => {
    if (type === EBS_VOLUME) {
      return props.encrypted === true ? [] : [`${name} is not encrypted; set encrypted: true.`];
    }
    const root = (props.rootBlockDevice ?? {}) as { encrypted?: boolean };
    const others = (props.ebsBlockDevices ?? []) as { encrypted?: boolean; deviceName?: string }[];
    return [
      ...(root.encrypted === true
        ? []
        : [`${name} has a root disk without encryption; set rootBlockDevice.encrypted: true.`]),
      ...others
        .filter(({ encrypted }) => encrypted !== true)
        .map(
          ({ deviceName }) =>
            `${name} has a disk ${deviceName ?? "without a name"} without encryption; set its encrypted: true.`,
        ),
    ];
  },
});
