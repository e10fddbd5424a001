import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import { routedServices } from "../lib/application-checks";
import type { Application } from "../lib/application-types";
import { isProductionAuthority } from "../lib/certificate-authority";
import { renderSite, renderUpstreams } from "../lib/nginx";
import { renderChecks } from "../lib/release-checks";
import { remoteStep, type Server } from "../lib/remote-step";
import { slotPort, type Slot } from "../lib/slot-ports";

const TIMEOUT_SECONDS = 900;

/** Arguments of {@link Release}. */
export interface ReleaseArgs {
  readonly settings: Settings;
  readonly server: Server;
  /** What the migrate step says of its run; another run starts what differs anew. */
  readonly migrated: pulumi.Output<string>;
  /** Steps that come before. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * The release running behind the proxy: services started, healthy three times in a row, the proxy switched, checks
 * passed. What fails before the switch leaves the old release serving.
 */
export class Release extends pulumi.ComponentResource {
  public readonly step: command.remote.Command;

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:Release", name, {}, opts);
    const { settings, server } = args;
    const { application, domains, publicPort } = settings;
    this.step = remoteStep(`${name}-run`, {
      projectRoot: settings.projectRoot,
      server,
      script: "release.sh",
      uses: ["release", "checks", "adopt"],
      timeoutSeconds: TIMEOUT_SECONDS,
      inputs: {
        APP: application.project.name,
        RELEASE: settings.release.id,
        MIGRATED: args.migrated,
        HEALTH: renderHealth(application, "a"),
        UPSTREAMS: renderUpstreams(application, "a"),
        SITE: renderSite({
          application,
          domains,
          publicPort,
          strictTransport: isProductionAuthority(settings.acme),
          dataPath: server.dataPath,
        }),
        CHECKS: renderChecks(application, domains, publicPort),
      },
      parent: this,
      dependsOn: args.after,
    });
    this.registerOutputs({});
  }
}

function renderHealth(application: Application, slot: Slot): string {
  const routed = routedServices(application);
  return Object.values(application.berth.routes)
    .map(
      (route) =>
        `${route.service} ${String(slotPort(slot, routed, route.service))} ${route.health}\n`,
    )
    .join("");
}
