import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import { renderChecks } from "../lib/release-checks";
import { remoteStep, type Server } from "../lib/remote-step";

const TIMEOUT_SECONDS = 600;

/** Arguments of {@link Checks}. */
export interface ChecksArgs {
  readonly settings: Settings;
  readonly server: Server;
  /** Steps that come before. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * The application checked through its public names once its certificate is there. Later releases are checked by
 * their own step.
 */
export class Checks extends pulumi.ComponentResource {
  public readonly step: command.remote.Command;

  constructor(name: string, args: ChecksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:Checks", name, {}, opts);
    const { settings } = args;
    this.step = remoteStep(`${name}-run`, {
      projectRoot: settings.projectRoot,
      server: args.server,
      script: "checks.sh",
      uses: ["checks"],
      timeoutSeconds: TIMEOUT_SECONDS,
      inputs: {
        APP: settings.application.project.name,
        SERVER: args.server.revision,
        CHECKS: renderChecks(settings.application, settings.domains, settings.publicPort),
      },
      parent: this,
      dependsOn: args.after,
    });
    this.registerOutputs({});
  }
}
