import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { bootstrapStep, type Connection } from "../lib/remote-step";

// A first boot installs packages: minutes on a slow mirror.
const TIMEOUT_SECONDS = 900;

/** Arguments of {@link HostReady}. */
export interface HostReadyArgs {
  readonly projectRoot: string;
  /** First login, with the host key that was known before the server booted. */
  readonly connection: Connection;
  readonly machine: pulumi.Resource;
}

/**
 * Waits until a server's first boot is over, and reads the ed25519 host key that the server made for itself; fails
 * with the failing module's name where it went wrong. It runs once for a machine.
 */
export class HostReady extends pulumi.ComponentResource {
  public readonly step: command.remote.Command;
  /** The server's own host key, one authorized_keys line; public. */
  public readonly hostKey: pulumi.Output<string>;

  constructor(name: string, args: HostReadyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:HostReady", name, {}, opts);
    this.step = bootstrapStep(`${name}-wait`, {
      connection: args.connection,
      machine: args.machine,
      scriptFile: `${args.projectRoot}/host/ready.sh`,
      timeoutSeconds: TIMEOUT_SECONDS,
      once: true,
      parent: this,
      dependsOn: [],
    });
    this.hostKey = pulumi.unsecret(this.step.stdout);
    this.registerOutputs({ hostKey: this.hostKey });
  }
}
