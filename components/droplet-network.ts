import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";

const EVERYONE = ["0.0.0.0/0", "::/0"];

/** Arguments of {@link DropletNetwork}. */
export interface DropletNetworkArgs {
  /** Name of what the account holds, e.g. `battery-hub-prod`. */
  readonly serverName: string;
  readonly stack: string;
  readonly region: string;
  /** Networks that may reach SSH. A change is made in place. */
  readonly sshCidrs: readonly string[];
  readonly provider: digitalocean.Provider;
}

/**
 * The private network of a droplet and the firewall before it, IPv4 and IPv6. The firewall covers droplets by tag, so
 * that none is ever outside it while another takes its place.
 */
export class DropletNetwork extends pulumi.ComponentResource {
  public readonly vpc: digitalocean.Vpc;
  /** Tags that each resource carries. */
  public readonly tags: pulumi.Output<string>[];
  public readonly firewall: digitalocean.Firewall;

  constructor(name: string, args: DropletNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:DropletNetwork", name, {}, opts);
    const { serverName, region, provider } = args;
    const options = { parent: this, provider };
    // Made here, as tags that arise by themselves stay in the account for ever.
    const stackTag = new digitalocean.Tag(
      `${name}-stack-tag`,
      { name: `berth-${args.stack}` },
      options,
    );
    const serverTag = new digitalocean.Tag(
      `${name}-server-tag`,
      { name: `berth-${serverName}` },
      options,
    );
    this.tags = [stackTag.name, serverTag.name];
    this.vpc = new digitalocean.Vpc(`${name}-vpc`, { name: serverName, region }, options);
    const inbound = (protocol: string, portRange: string | undefined, from: readonly string[]) => ({
      protocol,
      portRange,
      sourceAddresses: [...from],
    });
    const outbound = (protocol: string, portRange?: string) => ({
      protocol,
      portRange,
      destinationAddresses: EVERYONE,
    });
    this.firewall = new digitalocean.Firewall(
      `${name}-firewall`,
      {
        name: serverName,
        tags: [serverTag.name],
        inboundRules: [
          inbound("icmp", undefined, EVERYONE),
          inbound("tcp", "22", args.sshCidrs),
          inbound("tcp", "80", EVERYONE),
          inbound("tcp", "443", EVERYONE),
        ],
        outboundRules: [outbound("icmp"), outbound("tcp", "1-65535"), outbound("udp", "1-65535")],
      },
      options,
    );
    this.registerOutputs({});
  }
}
