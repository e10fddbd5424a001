import * as pulumi from "@pulumi/pulumi";
import type { Application, PostgresDatabase } from "../lib/application-types";
import { renderDataProject } from "../lib/compose";
import type { Database } from "../lib/database";
import { renderEnvFile } from "../lib/env-file";
import type { Release } from "../lib/release-file";
import { remoteStep, type Server } from "../lib/remote-step";

const TIMEOUT_SECONDS = 300;
const POSTGRES_PORT = "5432";

/** Arguments of {@link ComposeDatabase}. */
export interface ComposeDatabaseArgs {
  readonly projectRoot: string;
  readonly server: Server;
  readonly application: Application;
  readonly postgres: PostgresDatabase;
  readonly release: Release;
  /** The application's secrets by name. */
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** Steps that come before. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * PostgreSQL as a Compose service beside the application, its data on the server's data volume. Its administrator is
 * no superuser, as with managed databases.
 */
export class ComposeDatabase extends pulumi.ComponentResource implements Database {
  public readonly host: pulumi.Output<string>;
  public readonly port = pulumi.output(POSTGRES_PORT);
  public readonly sslMode = pulumi.output("disable");
  public readonly certificateAuthority = pulumi.output("");
  public readonly adminPassword: pulumi.Output<string>;
  public readonly steps: readonly pulumi.Resource[];

  constructor(name: string, args: ComposeDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:ComposeDatabase", name, {}, opts);
    const { application, postgres, release, secrets } = args;
    const adminPassword = secrets[postgres.admin.secret];
    if (adminPassword === undefined) throw new Error(`there is no secret ${postgres.admin.secret}`);
    const variable = application.berth.secrets?.[postgres.admin.secret]?.env ?? "";
    const compose = renderDataProject({
      application,
      release,
      dataPath: args.server.dataPath,
      slot: "a",
    });

    const step = remoteStep(`${name}-start`, {
      projectRoot: args.projectRoot,
      server: args.server,
      script: "database/start.sh",
      uses: ["database"],
      timeoutSeconds: TIMEOUT_SECONDS,
      inputs: {
        APP: application.project.name,
        DATA_COMPOSE: JSON.stringify(compose),
        ENV_FILE: adminPassword.apply((value) => renderEnvFile({ [variable]: value })),
        SERVICE: postgres.service,
        DATABASE: postgres.name,
        ADMIN_ROLE: postgres.admin.role,
        ADMIN_PASSWORD: adminPassword,
      },
      parent: this,
      dependsOn: args.after,
    });

    this.host = pulumi.output(postgres.service);
    this.adminPassword = adminPassword;
    this.steps = [step];
    this.registerOutputs({ host: this.host });
  }
}
