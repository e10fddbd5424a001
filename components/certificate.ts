import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import { remoteStep, type Server } from "../lib/remote-step";

// Names are awaited for up to five minutes.
const TIMEOUT_SECONDS = 900;

/** Arguments of {@link Certificate}. */
export interface CertificateArgs {
  readonly settings: Settings;
  readonly server: Server;
  /** Steps that come before. */
  readonly after: readonly pulumi.Resource[];
}

/** One certificate for all of the application's domains, by webroot behind the running proxy, renewed on the server. */
export class Certificate extends pulumi.ComponentResource {
  public readonly step: command.remote.Command;
  /** PEM of the authority's root where it is a test one that nothing trusts by itself; else empty. */
  public readonly root: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:Certificate", name, {}, opts);
    const { settings } = args;
    this.step = remoteStep(`${name}-issue`, {
      projectRoot: settings.projectRoot,
      server: args.server,
      script: "certificate.sh",
      uses: ["certificate"],
      timeoutSeconds: TIMEOUT_SECONDS,
      inputs: {
        APP: settings.application.project.name,
        DOMAINS: [...new Set(Object.values(settings.domains))].join("\n"),
        EMAIL: settings.email,
        ACME_SERVER: settings.acme.server,
        ACME_ROOT_URL: settings.acme.rootUrl,
        PUBLIC_ADDRESS: settings.skipPreflight.includes("dns") ? "" : args.server.dnsAddress,
      },
      parent: this,
      dependsOn: args.after,
    });
    // A root certificate is public; every step's output is kept as a secret by default.
    this.root = pulumi
      .unsecret(this.step.stdout)
      .apply((json) => (JSON.parse(json) as { root: string }).root);
    this.registerOutputs({ root: this.root });
  }
}
