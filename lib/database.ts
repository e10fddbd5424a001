import type * as pulumi from "@pulumi/pulumi";

/** A PostgreSQL that the application and the migration step reach from the server, whatever made it. */
export interface Database {
  /** Name or address as the application's containers see it. */
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<string>;
  /** libpq's sslmode: `disable` on a private network of the same server, `verify-full` elsewhere. */
  readonly sslMode: pulumi.Output<string>;
  /** PEM of the authority that signs the server's certificate; empty where none is verified. */
  readonly certificateAuthority: pulumi.Output<string>;
  /** Password of the administrator's role, secret. */
  readonly adminPassword: pulumi.Output<string>;
  /** What must be there before the database is used. */
  readonly steps: readonly pulumi.Resource[];
}
