import type { Instance } from "@aws-sdk/client-ec2";
import type { Context } from "../check";
import { nameTag } from "../cloud/aws";
import { currentServerName, isOurName } from "../names";
import { limitIfAllowed, type Need } from "./quota";

/** Quota codes of "Running On-Demand ... instances" by the first letters of the instance family. */
const PROCESSOR_QUOTAS: readonly (readonly [RegExp, string])[] = [
  [/^(dl)/, "L-6E869C2A"],
  [/^(inf)/, "L-1945791B"],
  [/^(trn)/, "L-2C3B7624"],
  [/^(u-|u\d)/, "L-43DA4232"],
  [/^(hpc)/, "L-F7808C92"],
  [/^(g|vt)/, "L-DB2E81BA"],
  [/^p/, "L-417A185B"],
  [/^f/, "L-74FC7D96"],
  [/^x/, "L-7295265B"],
  [/^(mac)/, ""],
  [/^[acdhimrtz]/, "L-1216C47A"],
];
const ADDRESS_QUOTA = "L-0263D0A3";
const NETWORK_QUOTA = "L-F678F1CE";

/** Code of the quota that an instance type's processors count against, undefined when none is known. */
export function processorQuota(instanceType: string): string | undefined {
  const code = PROCESSOR_QUOTAS.find(([family]) => family.test(instanceType))?.[1];
  return code === "" ? undefined : code;
}

/** Virtual processors: the quota counts those of running instances, in groups of families. */
export async function processorNeed({ aws, settings }: Context): Promise<Need> {
  const code = processorQuota(settings.size);
  const [type, running, ours, limit] = await Promise.all([
    aws.instanceType(),
    aws.runningInstances(),
    aws.ourInstances(),
    code === undefined ? undefined : limitIfAllowed(() => aws.quota("ec2", code)),
  ]);
  const wanted = type?.VCpuInfo?.DefaultVCpus ?? 0;
  const counted = running.filter((each) => processorQuota(each.InstanceType ?? "") === code);
  // A rebuilt server runs beside the old one for a while.
  const ourIds = ours
    .filter(({ Tags }) => nameTag(Tags) === currentServerName(settings))
    .map(({ InstanceId }) => InstanceId);
  const oursNow = counted.filter(({ InstanceId }) => ourIds.includes(InstanceId));
  return {
    things: `vCPUs of instances such as ${settings.size}`,
    used: sum(counted),
    needed: Math.max(0, wanted - sum(oursNow)),
    limit,
  };
}

/** Elastic IPs of the region. */
export async function addressNeed({ aws, firstRun }: Context): Promise<Need> {
  const [addresses, limit] = await Promise.all([
    aws.addresses(),
    limitIfAllowed(() => aws.quota("ec2", ADDRESS_QUOTA)),
  ]);
  return { things: "Elastic IPs", used: addresses.length, needed: firstRun ? 1 : 0, limit };
}

/** Networks (VPC) of the region. */
export async function networkNeed({ aws, settings }: Context): Promise<Need> {
  const [networks, limit] = await Promise.all([
    aws.networks(),
    limitIfAllowed(() => aws.quota("vpc", NETWORK_QUOTA)),
  ]);
  const ours = networks.filter(({ Tags }) => isOurName(settings, nameTag(Tags)));
  return { things: "VPCs", used: networks.length, needed: ours.length === 0 ? 1 : 0, limit };
}

function sum(instances: readonly Instance[]): number {
  return instances
    .map(({ CpuOptions }) => (CpuOptions?.CoreCount ?? 1) * (CpuOptions?.ThreadsPerCore ?? 1))
    .reduce((total, each) => total + each, 0);
}
