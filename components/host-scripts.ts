import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { bootstrapStep, type Server } from "../lib/remote-step";
import { packFolder } from "../lib/tarball";

const TIMEOUT_SECONDS = 600;

/** Arguments of {@link HostScripts}. */
export interface HostScriptsArgs {
  readonly projectRoot: string;
  readonly server: Server;
  /** Steps that come before. */
  readonly after: readonly pulumi.Resource[];
}

/** The scripts of `host/` on the server, and the host as they describe it. A changed script reaches an old server. */
export class HostScripts extends pulumi.ComponentResource {
  public readonly step: command.remote.Command;

  constructor(name: string, args: HostScriptsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:HostScripts", name, {}, opts);
    this.step = bootstrapStep(`${name}-install`, {
      server: args.server,
      scriptFile: `${args.projectRoot}/host/install.sh`,
      payload: packFolder(`${args.projectRoot}/host`),
      timeoutSeconds: TIMEOUT_SECONDS,
      parent: this,
      dependsOn: args.after,
    });
    this.registerOutputs({});
  }
}
