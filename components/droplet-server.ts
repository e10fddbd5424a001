import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { Connection, Server } from "../lib/remote-step";
import { makeCloudLogin } from "./cloud-login";
import { DropletAddress } from "./droplet-address";
import { DropletNetwork } from "./droplet-network";
import { HostReady } from "./host-ready";

/** Arguments of {@link DropletServer}. */
export interface DropletServerArgs {
  readonly settings: Settings;
  /** What has to pass before anything is made in the account. */
  readonly after: readonly pulumi.Resource[];
  /** Account that the server is made in; by default that of the environment's token. */
  readonly provider?: digitalocean.Provider;
}

/**
 * A DigitalOcean droplet with a firewall, a data volume and a reserved address. What would replace the droplet is
 * ignored; a raised `serverGeneration` makes another one, to which volume and address move.
 */
export class DropletServer extends pulumi.ComponentResource implements Server {
  public readonly connection: Connection;
  public readonly publicAddress: pulumi.Output<string>;
  public readonly dnsAddress: pulumi.Output<string>;
  public readonly dataPath = "/srv/berth";
  public readonly dataDevice: pulumi.Output<string>;
  public readonly attachment: digitalocean.VolumeAttachment;
  public readonly machine: digitalocean.Droplet;
  public readonly steps: readonly pulumi.Resource[];
  public readonly authorizedKeys: pulumi.Output<string[]>;
  public readonly revision: pulumi.Output<string>;
  private readonly address: DropletAddress;

  constructor(name: string, args: DropletServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:DropletServer", name, {}, opts);
    const { settings } = args;
    const { serverName, cloud } = settings;
    const { region, generation } = cloud;
    const provider =
      args.provider ??
      new digitalocean.Provider(`${name}-cloud`, {}, { parent: this, dependsOn: [...args.after] });
    const options = { parent: this, provider };

    const login = makeCloudLogin(name, settings, this);
    const sshKey = new digitalocean.SshKey(
      `${name}-ssh-key`,
      { name: serverName, publicKey: login.publicKey },
      options,
    );
    const network = new DropletNetwork(
      `${name}-network`,
      { serverName, stack: settings.stack, region, sshCidrs: cloud.sshCidrs, provider },
      { parent: this },
    );

    this.machine = new digitalocean.Droplet(
      `${name}-droplet-${generation}`,
      {
        name: `${serverName}-${generation}`,
        region,
        size: cloud.size,
        // A disk that has grown can't shrink again; what lasts is on the volume.
        resizeDisk: false,
        image: cloud.image,
        vpcUuid: network.vpc.id,
        sshKeys: [sshKey.id],
        tags: network.tags,
        monitoring: true,
        gracefulShutdown: true,
        userData: login.userData,
      },
      {
        ...options,
        dependsOn: [network.firewall],
        ignoreChanges: ["userData", "sshKeys", "image"],
      },
    );

    const ready = new HostReady(
      `${name}-ready-${generation}`,
      {
        projectRoot: settings.projectRoot,
        connection: {
          host: this.machine.ipv4Address,
          port: 22,
          user: "berth",
          privateKey: login.key.privateKeyOpenssh,
          hostKey: login.firstHostKey,
        },
        machine: this.machine,
      },
      { parent: this },
    );

    const volume = new digitalocean.Volume(
      `${name}-volume`,
      { name: serverName, region, size: cloud.volumeSizeGb, tags: network.tags },
      { ...options, protect: cloud.protectData },
    );
    this.attachment = new digitalocean.VolumeAttachment(
      `${name}-volume-attachment`,
      { dropletId: this.machine.id.apply(Number), volumeId: volume.id },
      // A volume fits one droplet: it has to leave the old one first, and no sooner than the new one is ready.
      { ...options, dependsOn: [ready.step], deleteBeforeReplace: true },
    );

    this.address = new DropletAddress(
      `${name}-address`,
      { settings, droplet: this.machine, volume, provider },
      { parent: this },
    );
    this.publicAddress = this.address.ip;
    this.dnsAddress = this.address.ip;
    this.dataDevice = pulumi.interpolate`/dev/disk/by-id/scsi-0DO_Volume_${volume.name}`;
    this.connection = {
      host: this.machine.ipv4Address,
      port: 22,
      user: "berth",
      privateKey: login.key.privateKeyOpenssh,
      hostKey: ready.hostKey,
    };
    this.steps = [ready.step, this.attachment];
    this.authorizedKeys = login.authorizedKeys;
    this.revision = pulumi.interpolate`${this.machine.id} ${this.machine.size}`;
    this.registerOutputs({ publicAddress: this.publicAddress });
  }

  /** Moves the reserved address here and makes the records, where the zone is in the account. */
  public publish(after: readonly pulumi.Resource[]): readonly pulumi.Resource[] {
    return this.address.publish([this.attachment, ...after]);
  }
}
