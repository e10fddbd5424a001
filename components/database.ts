import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { Database } from "../lib/database";
import type { Server } from "../lib/remote-step";
import { ComposeDatabase } from "./compose-database";
import { Ec2Server } from "./ec2-server";
import { RdsDatabase } from "./rds-database";

/** Arguments of {@link makeDatabase}. */
export interface DatabaseArgs {
  readonly settings: Settings;
  readonly server: Server;
  /** The application's secrets by name. */
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** Steps that come before one on the server. */
  readonly after: readonly pulumi.Resource[];
}

/** Makes the database that the application declares: managed beside an EC2 server, else on the server itself. */
export function makeDatabase(name: string, args: DatabaseArgs): Database | undefined {
  const { settings, server, secrets, after } = args;
  const postgres = settings.application.berth.database;
  if (postgres?.kind !== "postgres") return undefined;
  if (server instanceof Ec2Server) {
    return new RdsDatabase(name, { settings, server, postgres, secrets });
  }
  return new ComposeDatabase(name, { settings, server, postgres, secrets, after });
}
