import { listOf, type Asked } from "./asked";
import { passesFilters } from "./ec2-filters";
import { Refused } from "./refused";
import type { XmlObject } from "./xml";

/** Regions that every account may use, so that a question asked there is answered. */
const ALWAYS = ["us-east-1"];

/** Lists regions; with AllRegions also those that the account has not enabled. */
export function describeRegions({ account, params }: Asked): XmlObject {
  const enabled = [...new Set([account.region, ...ALWAYS])];
  const all = params.get("AllRegions") === "true";
  const item = [
    ...enabled.map((name) => region(name, "opt-in-not-required")),
    ...(all ? (account.disabledRegions ?? []).map((name) => region(name, "not-opted-in")) : []),
  ];
  return { regionInfo: { item } };
}

function region(regionName: string, optInStatus: string): XmlObject {
  return { regionName, regionEndpoint: `ec2.${regionName}.amazonaws.com`, optInStatus };
}

/** Describes instance types; one that the region has not is an error. */
export function describeInstanceTypes({ account, params }: Asked): XmlObject {
  const wanted = listOf(params, "InstanceType");
  const unknown = wanted.filter(
    (type) => !account.instanceTypes.some((each) => each.type === type),
  );
  if (unknown.length > 0) {
    throw new Refused(
      400,
      "InvalidInstanceType",
      `The following supplied instance types do not exist: [${unknown.join(", ")}]`,
    );
  }
  const item = account.instanceTypes
    .filter(({ type }) => wanted.length === 0 || wanted.includes(type))
    .map(({ type, architectures, vcpus }) => ({
      instanceType: type,
      currentGeneration: true,
      vCpuInfo: { defaultVCpus: vcpus },
      processorInfo: { supportedArchitectures: { item: architectures } },
    }));
  return { instanceTypeSet: { item } };
}

/** Describes images; one that is not there is an error. */
export function describeImages({ account, params }: Asked): XmlObject {
  const wanted = listOf(params, "ImageId");
  for (const id of wanted) {
    if (!/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) {
      throw new Refused(400, "InvalidAMIID.Malformed", `Invalid id: "${id}"`);
    }
    if (!account.images.some((image) => image.id === id)) {
      throw new Refused(400, "InvalidAMIID.NotFound", `The image id '[${id}]' does not exist`);
    }
  }
  const item = account.images
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
    .filter(({ id }) => passesFilters(params, { "image-id": id }, ["image-id"]))
    .map(({ id, architecture }) => ({
      imageId: id,
      imageState: "available",
      architecture,
      isPublic: true,
      rootDeviceType: "ebs",
      virtualizationType: "hvm",
      name: `debian-13-${architecture}`,
    }));
  return { imagesSet: { item } };
}
