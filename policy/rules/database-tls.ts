import type { ResourceValidationArgs } from "@pulumi/policy";
import { ifKnown, rule } from "../rule";
import { RDS_INSTANCE, RDS_PARAMETERS } from "../types";

/** A managed PostgreSQL refuses logins without TLS, by a parameter group of its own. */
export const databaseTls = rule({
  name: "database-tls",
  description: "Managed databases refuse logins without TLS.",
  types: [RDS_INSTANCE, RDS_PARAMETERS],
  check: (resource) =>
    resource.type === RDS_PARAMETERS ? parameters(resource) : parameterGroup(resource),
});

function parameters({ name, props }: ResourceValidationArgs): string[] {
  const given = (props.parameters ?? []) as { name?: string; value?: string }[];
  const value = given.find((one) => one.name === "rds.force_ssl")?.value;
  return value === "1"
    ? []
    : [`${name} has rds.force_ssl ${value ?? "left out"}; it must be given as 1.`];
}

function parameterGroup({ name, props }: ResourceValidationArgs): string[] {
  // A group made by the same update has a name that only the update knows.
  if (!("parameterGroupName" in props)) return [missing(name)];
  const group: unknown = ifKnown(() => props.parameterGroupName as unknown);
  return typeof group === "string" && group.startsWith("default.") ? [missing(name)] : [];
}

function missing(name: string): string {
  return `${name} uses AWS's own parameters; give it a parameter group with rds.force_ssl 1 (parameterGroupName).`;
}
