import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { PostgresDatabase } from "../lib/application-types";
import type { Database } from "../lib/database";
import type { Server } from "../lib/remote-step";
import { dataStep } from "./data-step";

const POSTGRES_PORT = "5432";

/** Arguments of {@link ComposeDatabase}. */
export interface ComposeDatabaseArgs {
  readonly settings: Settings;
  readonly server: Server;
  readonly postgres: PostgresDatabase;
  /** The application's secrets by name. */
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** Steps that come before. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * PostgreSQL as a Compose service beside the application, its data on the server's data volume, and with it the other
 * services that releases leave alone. Its administrator is no superuser, as with managed databases.
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
    const { postgres, secrets } = args;
    const adminPassword = secrets[postgres.admin.secret];
    if (adminPassword === undefined) throw new Error(`there is no secret ${postgres.admin.secret}`);
    this.host = pulumi.output(postgres.service);
    this.adminPassword = adminPassword;
    const step = dataStep(`${name}-start`, {
      ...args,
      database: this,
      postgres: { ...postgres, adminPassword },
      parent: this,
    });
    this.steps = [step];
    this.registerOutputs({ host: this.host });
  }
}
