import { CLOUDS, type Check, type Context, type Finding } from "../check";
import { nameTag } from "../cloud/aws";
import type { Named } from "../cloud/digitalocean";
import { databaseIdentifiers } from "../cloud/aws-services";
import { isOurName } from "../names";

/** Something of ours in the account. */
interface Thing {
  readonly name: string;
  /** What it is and how it is known, for a message. */
  readonly what: string;
  /** Command that removes it. */
  readonly remove: string;
}

/** A thing at AWS, its name where things of one kind have different ones. */
interface Known {
  readonly id: string | undefined;
  readonly name?: string;
}

/**
 * Nothing in the account bears a name that the stack is about to give. Such things are left when the answer to a
 * request got lost: the cloud made them, the state does not know them.
 */
export const nameTaken: Check = {
  name: "name-taken",
  targets: CLOUDS,
  run: async (context) => {
    const kinds =
      context.settings.target === "droplet" ? await atDigitalOcean(context) : await atAws(context);
    return kinds.flatMap((things) => orphans(things, context));
  },
};

/** Before the first `up` everything of ours is left over; later one of each name is in the state. */
function orphans(things: readonly Thing[], { firstRun, settings }: Context): Finding[] {
  const alike = (name: string) => things.filter((thing) => thing.name === name).length;
  const left = things.filter(({ name }) => firstRun || alike(name) > 1);
  return left.map(({ what, remove, name }) => ({
    problem: `the account has ${what}, ${firstRun ? "which this stack did not make" : `one of ${alike(name)} of that name; the stack knows one of them`}`,
    next: `where it is left over from a run that was cut off: make recover STACK=${settings.stack}, or when nothing needs it: ${remove}`,
  }));
}

async function atDigitalOcean({ digitalOcean, settings }: Context): Promise<Thing[][]> {
  const [droplets, volumes, keys, firewalls, networks] = await Promise.all([
    digitalOcean.ourDroplets(),
    digitalOcean.volumes(),
    digitalOcean.keys(),
    digitalOcean.firewalls(),
    digitalOcean.networks(),
  ]);
  const named = (things: readonly Named[], what: string, command: string): Thing[] =>
    things
      .filter(({ name }) => isOurName(settings, name))
      .map(({ id, name }) => ({
        name,
        what: `${what} "${name}" (${id})`,
        remove: `doctl ${command} delete ${id}`,
      }));
  return [
    droplets.map(({ id, name }) => ({
      name,
      what: `droplet "${name}" (${id})`,
      remove: `doctl compute droplet delete ${id}`,
    })),
    named(volumes, "volume", "compute volume"),
    named(keys, "SSH key", "compute ssh-key"),
    named(firewalls, "firewall", "compute firewall"),
    named(networks, "VPC", "vpcs"),
  ];
}

async function atAws({ aws, settings }: Context): Promise<Thing[][]> {
  const [instances, volumes, keys, networks, databases] = await Promise.all([
    aws.ourInstances(),
    aws.ourVolumes(),
    aws.keyPairs(),
    aws.networks(),
    settings.databaseSize === "" ? [] : databaseIdentifiers(aws),
  ]);
  const known = (found: readonly Known[], what: string, command: string): Thing[] =>
    found.map(({ id = "", name = "" }) => ({
      name,
      what: `${what} ${id}`,
      remove: `aws ${command} ${id}`,
    }));
  return [
    known(
      instances.map(({ InstanceId, Tags }) => ({ id: InstanceId, name: nameTag(Tags) })),
      "instance",
      "ec2 terminate-instances --instance-ids",
    ),
    known(
      volumes.map(({ VolumeId }) => ({ id: VolumeId })),
      "volume",
      "ec2 delete-volume --volume-id",
    ),
    known(
      keys.map(({ KeyName }) => ({ id: KeyName })).filter(({ id }) => isOurName(settings, id)),
      "key pair",
      "ec2 delete-key-pair --key-name",
    ),
    known(
      networks
        .filter(({ Tags }) => isOurName(settings, nameTag(Tags)))
        .map(({ VpcId }) => ({ id: VpcId })),
      "VPC",
      "ec2 delete-vpc --vpc-id",
    ),
    known(
      databases.filter((id) => isOurName(settings, id)).map((id) => ({ id })),
      "database",
      "rds delete-db-instance --final-db-snapshot-identifier <name> --db-instance-identifier",
    ),
  ];
}
