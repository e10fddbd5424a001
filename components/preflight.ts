import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import {
  renderPreflightInput,
  type PreflightSettings,
  type PreflightTarget,
} from "../preflight/settings";

/** Arguments of {@link Preflight}. */
export interface PreflightArgs {
  readonly settings: Settings;
  readonly target: PreflightTarget;
}

/**
 * Looks at the account before anything is made there: credentials, region, size, quota and more, all findings at once.
 * It runs again only when what it looks at changes in the configuration.
 */
export class Preflight extends pulumi.ComponentResource {
  public readonly step: command.local.Command;

  constructor(name: string, args: PreflightArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:Preflight", name, {}, opts);
    const { settings } = args;
    this.step = new command.local.Command(
      `${name}-run`,
      {
        create: "preflight/run.sh",
        stdin: renderPreflightInput(preflightSettings(settings, args.target)),
        logging: command.local.Logging.Stderr,
        // The output of the last pass tells the check that what it finds in the account may be this stack's.
        addPreviousOutputInEnv: true,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

function preflightSettings(settings: Settings, target: PreflightTarget): PreflightSettings {
  const { cloud, managedDatabase, application, release } = settings;
  const { address, port, user, hostKey } = settings.existing;
  return {
    stack: settings.stack,
    app: application.project.name,
    target,
    region: cloud.region,
    size: cloud.size,
    image: cloud.image,
    volumeSizeGb: cloud.volumeSizeGb,
    zone: cloud.zone,
    domains: Object.values(settings.domains),
    sshCidrs: [...cloud.sshCidrs],
    acmeServer: settings.acme.server,
    trustedCertificates: settings.trustedCertificates,
    platform: release.platform,
    databaseSize: managedDatabase.size,
    databaseAuthority: managedDatabase.authority,
    // Both are read where the check runs: they belong to the operator's environment, not to the program.
    backendUrl: "",
    secretsProvider: "",
    serverName: settings.serverName,
    serverGeneration: cloud.generation,
    existingServer: target === "existing" ? { address, port, user, hostKey } : null,
    skip: [...settings.skipPreflight],
  };
}
