import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { bootstrapStep, type Server } from "../lib/remote-step";

// A first boot installs packages: minutes on a slow mirror.
const TIMEOUT_SECONDS = 900;

/** Waits until a server's first boot is over; fails with the failing module's name where it went wrong. */
export class HostReady extends pulumi.ComponentResource {
  public readonly step: command.remote.Command;

  constructor(
    name: string,
    args: { readonly projectRoot: string; readonly server: Server },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("berth:index:HostReady", name, {}, opts);
    this.step = bootstrapStep(`${name}-wait`, {
      server: args.server,
      scriptFile: `${args.projectRoot}/host/ready.sh`,
      timeoutSeconds: TIMEOUT_SECONDS,
      parent: this,
      dependsOn: [],
    });
    this.registerOutputs({});
  }
}
