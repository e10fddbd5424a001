import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import { releaseImages, renderReleaseProject, SERVER_REGISTRY } from "../lib/compose";
import type { Database } from "../lib/database";
import { renderEnvFile } from "../lib/env-file";
import { remoteStep, type Server } from "../lib/remote-step";
import { releaseEnvironment } from "./release-environment";

const TIMEOUT_SECONDS = 1800;

/** Arguments of {@link Migrate}. */
export interface MigrateArgs {
  readonly settings: Settings;
  readonly server: Server;
  /** The application's database, where it has one. */
  readonly database?: Database;
  /** The application's secrets by name. */
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** Steps that come before. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * Everything of a release that comes before its services start: its files on the server, its images pulled, roles and
 * rights, the schema migrated by its own image and checked. A failure leaves the old release serving.
 */
export class Migrate extends pulumi.ComponentResource {
  public readonly step: command.remote.Command;
  /** Tells this run from others: the release step follows each run, as it takes over its lease and its files. */
  public readonly run: pulumi.Output<string>;

  constructor(name: string, args: MigrateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:Migrate", name, {}, opts);
    const { settings, server, database } = args;
    const { application, release } = settings;
    const compose = renderReleaseProject({
      application,
      release,
      dataPath: server.dataPath,
      slot: "a",
      databaseAuthority: settings.target === "ec2" ? settings.managedDatabase.authority : undefined,
    });
    const images = releaseImages(release).map(
      ({ repository, digest }) => `${SERVER_REGISTRY}/${repository}@${digest}`,
    );
    this.step = remoteStep(`${name}-run`, {
      projectRoot: settings.projectRoot,
      server,
      script: "migrate.sh",
      uses: ["database", "migrate", "adopt"],
      timeoutSeconds: TIMEOUT_SECONDS,
      inputs: {
        APP: application.project.name,
        RELEASE: release.id,
        COMPOSE: JSON.stringify(compose),
        ENV_FILE: releaseEnvironment(settings, args.secrets, database).apply(renderEnvFile),
        SECRET_NAMES: Object.values(application.berth.secrets ?? {})
          .map(({ env }) => env)
          .join("\n"),
        IMAGES: images.join("\n"),
        MIGRATE_SERVICE: application.berth.migrate?.service ?? "",
        REVISIONS: JSON.stringify(application.berth.migrate?.revisions ?? []),
        SQL_CHECKS: JSON.stringify(application.berth.checks?.sql ?? []),
        ...(database === undefined ? {} : databaseInputs(args, database)),
      },
      parent: this,
      dependsOn: [...args.after, ...(database?.steps ?? [])],
    });
    this.run = this.step.stdout;
    this.registerOutputs({});
  }
}

function databaseInputs(
  { settings, secrets }: MigrateArgs,
  database: Database,
): Record<string, pulumi.Input<string>> {
  const { application, release } = settings;
  const declared = application.berth.database;
  if (declared?.kind !== "postgres") return {};
  const image = release.images[declared.service];
  if (image === undefined)
    throw new Error(`release ${release.id} has no image for service ${declared.service}`);
  const roles = pulumi
    .all(secrets)
    .apply((values) =>
      JSON.stringify(
        Object.fromEntries(
          Object.entries(declared.roles).map(([role, { secret, ...rights }]) => [
            role,
            { ...rights, password: values[secret] },
          ]),
        ),
      ),
    );
  return {
    POSTGRES_IMAGE: `${SERVER_REGISTRY}/${image.repository}@${image.digest}`,
    DB_HOST: database.host,
    DB_PORT: database.port,
    DB_SSLMODE: database.sslMode,
    DB_CA: database.certificateAuthority,
    DATABASE: declared.name,
    ADMIN_ROLE: declared.admin.role,
    ADMIN_PASSWORD: database.adminPassword,
    ROLES: roles,
  };
}
