import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { bootstrapStep, farewellStep, type Server } from "../lib/remote-step";
import { packFolder } from "../lib/tarball";

const TIMEOUT_SECONDS = 900;
const RELEASE_TIMEOUT_SECONDS = 420;

/** Arguments of {@link HostScripts}. */
export interface HostScriptsArgs {
  readonly projectRoot: string;
  readonly server: Server;
  /** PEM of authorities that the server trusts beside the public ones; empty for none. */
  readonly trustedCertificates: string;
  /** Size of the data volume in GB; the file system grows with it. */
  readonly volumeSizeGb: number;
}

/**
 * The scripts of `host/` on the server, and the host as they describe it: logins, data volume, packages, proxy. A
 * changed script reaches an old server.
 */
export class HostScripts extends pulumi.ComponentResource {
  public readonly step: command.remote.Command;

  constructor(name: string, args: HostScriptsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:HostScripts", name, {}, opts);
    const { server } = args;
    this.step = bootstrapStep(`${name}-install`, {
      connection: server.connection,
      machine: server.machine,
      scriptFile: `${args.projectRoot}/host/install.sh`,
      inputs: {
        AUTHORIZED_KEYS: server.authorizedKeys.apply((keys) => keys.join("\n")),
        DATA_DEVICE: server.dataDevice,
        TRUSTED_CERTIFICATES: args.trustedCertificates,
      },
      archive: packFolder(`${args.projectRoot}/host`),
      triggers: [String(args.volumeSizeGb)],
      timeoutSeconds: TIMEOUT_SECONDS,
      parent: this,
      dependsOn: server.steps,
    });
    if (server.attachment !== undefined) {
      farewellStep(`${name}-volume-release`, {
        server,
        script: "release-volume.sh",
        trigger: server.attachment.id,
        timeoutSeconds: RELEASE_TIMEOUT_SECONDS,
        parent: this,
        dependsOn: [this.step],
      });
    }
    this.registerOutputs({});
  }
}
