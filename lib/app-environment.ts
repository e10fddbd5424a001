import type { Block } from "./application-block";
import type { Application } from "./application-types";
import { mapOf } from "./finding";

/** Values of a stack that an application's Compose file may name. */
export interface EnvironmentValues {
  readonly application: Application;
  readonly domains: Readonly<Record<string, string>>;
  readonly urls: Readonly<Record<string, string>>;
  readonly email: string;
  readonly release: string;
  readonly database: { readonly host: string; readonly port: string; readonly sslMode: string };
  /** Secrets by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Where containers find the authority of the database's certificate, when there is one. */
export const DATABASE_AUTHORITY_IN_CONTAINERS = "/run/berth/database-ca.pem";

/** Variables that tell where the database is. */
export const DATABASE_VARIABLES = ["DB_HOST", "DB_PORT", "DB_SSLMODE", "DB_SSLROOTCERT"] as const;

/**
 * Variables of a release's `.env`, from which Compose fills in the Compose file; a service gets those it names there.
 * They are listed in README.md.
 */
export function applicationEnvironment(values: EnvironmentValues): Record<string, string> {
  const { application, database } = values;
  const perRoute = Object.keys(application.berth.routes).flatMap((key): [string, string][] => [
    [`BERTH_DOMAIN_${key.toUpperCase()}`, values.domains[key] ?? ""],
    [`BERTH_URL_${key.toUpperCase()}`, values.urls[key] ?? ""],
  ]);
  const secrets = Object.entries(application.berth.secrets ?? {}).map(
    ([name, { env }]): [string, string] => {
      const value = values.secrets[name];
      if (value === undefined) throw new Error(`there is no secret ${name}`);
      return [env, value];
    },
  );
  return Object.fromEntries([
    ["BERTH_RELEASE", values.release],
    ["BERTH_EMAIL", values.email],
    ["BERTH_ORIGINS", [...new Set(Object.values(values.urls))].join(",")],
    ...perRoute,
    ["DB_HOST", database.host],
    ["DB_PORT", database.port],
    ["DB_SSLMODE", database.sslMode],
    ["DB_SSLROOTCERT", database.sslMode === "disable" ? "" : DATABASE_AUTHORITY_IN_CONTAINERS],
    ...secrets,
  ]);
}

/** Names of the variables of {@link applicationEnvironment}, from an `x-berth` block that need not be sound. */
export function environmentNames(block: Block): string[] {
  const routes = Object.keys(mapOf(block.routes)).map((key) => key.toUpperCase());
  const secrets = Object.values(mapOf(block.secrets)).map((secret) => mapOf(secret).env);
  return [
    ...secrets.filter((env) => typeof env === "string"),
    ...["BERTH_RELEASE", "BERTH_EMAIL", "BERTH_ORIGINS"],
    ...routes.flatMap((route) => [`BERTH_DOMAIN_${route}`, `BERTH_URL_${route}`]),
    ...DATABASE_VARIABLES,
  ];
}
