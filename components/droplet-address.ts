import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import { recordName } from "../lib/dns-records";

// Seconds; short, so that a move to another address is seen soon.
const TTL_SECONDS = 300;

/** Arguments of {@link DropletAddress}. */
export interface DropletAddressArgs {
  readonly settings: Settings;
  readonly droplet: digitalocean.Droplet;
  readonly volume: digitalocean.Volume;
  readonly provider: digitalocean.Provider;
}

/**
 * The address that stays when droplets change: a reserved one, the records that lead to it, and what watches it. It
 * leads to a droplet only from {@link publish} on.
 */
export class DropletAddress extends pulumi.ComponentResource {
  public readonly ip: pulumi.Output<string>;
  private readonly options: pulumi.CustomResourceOptions;

  constructor(
    private readonly name: string,
    private readonly args: DropletAddressArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("berth:index:DropletAddress", name, {}, opts);
    const { cloud, serverName } = args.settings;
    this.options = { parent: this, provider: args.provider };
    const reserved = new digitalocean.ReservedIp(
      `${name}-reserved`,
      { region: cloud.region },
      { ...this.options, protect: cloud.protectData },
    );
    this.ip = reserved.ipAddress;
    new digitalocean.Project(
      `${name}-project`,
      {
        name: serverName,
        purpose: "Web Application",
        // Not the reserved address: it follows its droplet, and the API refuses to move it by itself.
        resources: [args.droplet.dropletUrn, args.volume.volumeUrn],
      },
      this.options,
    );
    this.registerOutputs({ ip: this.ip });
  }

  /** Assigns the address, makes the records of a zone that is in the account, and watches the first route. */
  public publish(after: readonly pulumi.Resource[]): readonly pulumi.Resource[] {
    const { settings, droplet } = this.args;
    const { cloud, domains, urls, application } = settings;
    const assignment = new digitalocean.ReservedIpAssignment(
      `${this.name}-assignment`,
      { ipAddress: this.ip, dropletId: droplet.id.apply(Number) },
      { ...this.options, dependsOn: [...after] },
    );
    const records = Object.entries(cloud.zone === "" ? {} : domains).map(
      ([key, domain]) =>
        new digitalocean.DnsRecord(
          `${this.name}-record-${key}`,
          {
            domain: cloud.zone,
            type: "A",
            name: recordName(domain, cloud.zone),
            value: this.ip,
            ttl: TTL_SECONDS,
          },
          this.options,
        ),
    );
    const [route] = Object.keys(application.berth.routes);
    if (route !== undefined) {
      new digitalocean.UptimeCheck(
        `${this.name}-uptime`,
        {
          name: settings.serverName,
          target: `${urls[route] ?? ""}${application.berth.routes[route]?.health ?? "/"}`,
          type: "https",
          regions: ["eu_west", "us_east"],
        },
        { ...this.options, dependsOn: [assignment] },
      );
    }
    return [assignment, ...records];
  }
}
