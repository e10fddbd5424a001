import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import { applicationEnvironment } from "../lib/app-environment";
import type { Database } from "../lib/database";

/** Where the application's containers find the database. */
export type DatabaseAddress = Pick<Database, "host" | "port" | "sslMode">;

/** The variables that the stack's application is given, once its secrets and the database's address are known. */
export function releaseEnvironment(
  { application, domains, urls, email, release }: Settings,
  secrets: Readonly<Record<string, pulumi.Output<string>>>,
  database?: DatabaseAddress,
): pulumi.Output<Record<string, string>> {
  return pulumi
    .all([pulumi.all(secrets), database?.host, database?.port, database?.sslMode])
    .apply(([values, host = "", port = "", sslMode = "disable"]) =>
      applicationEnvironment({
        application,
        domains,
        urls,
        email,
        release: release.id,
        database: { host, port, sslMode },
        secrets: values,
      }),
    );
}
