/** Parameters by name; `rds.force_ssl` is "1" where none is given, as in the default group of PostgreSQL 17. */
export type Parameters = Readonly<Record<string, string>>;

/** Renders the last part of the server's configuration. */
export function renderParameters(port: number, parameters: Parameters): string {
  const all: Parameters = { "rds.force_ssl": "1", ...parameters, port: String(port) };
  return Object.entries(all)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join("");
}

/**
 * Renders who may log in. With `rds.force_ssl` no line fits a connection without TLS, so that it gets the very
 * message that RDS gives.
 */
export function renderAccess(parameters: Parameters): string {
  const isForced = (parameters["rds.force_ssl"] ?? "1") === "1";
  return [
    "local   all  rdsadmin       trust",
    "host    all  rdsadmin  all  reject",
    `${isForced ? "hostssl" : "host   "} all  all       all  scram-sha-256`,
    "",
  ].join("\n");
}
