import { isObject, type Properties } from "../../toolchain/plugins/provider/values";
import { arn } from "./account";
import { refuse } from "./errors";
import { databaseParameterGroups, databases, databaseSubnetGroups, subnets } from "./kinds";
import { databaseServer } from "./database-machine";
import { type AwsCall, awsType, common, find, type Stored } from "./resource";
import { conflict, isGiven, text, texts } from "./values";

/** Parameters of PostgreSQL that the simulator's server takes; `true`: they wait for a restart. */
const PARAMETERS: Readonly<Record<string, boolean>> = {
  "rds.force_ssl": false,
  log_connections: false,
  log_disconnections: false,
  log_lock_waits: false,
  log_min_duration_statement: false,
  log_statement: false,
  log_temp_files: false,
  idle_in_transaction_session_timeout: false,
  statement_timeout: false,
  lock_timeout: false,
  work_mem: false,
  maintenance_work_mem: false,
  random_page_cost: false,
  max_connections: true,
  shared_buffers: true,
  max_worker_processes: true,
};
const FAMILIES = ["postgres16", "postgres17"];

/** Subnets of at least two zones that databases are put into. */
export const databaseSubnetGroup = awsType({
  kind: databaseSubnetGroups,
  noun: "RDS Subnet Group",
  autoName: "name",
  check: (inputs) => conflict(inputs, "namePrefix", "name"),
  canonical: (inputs) => ({
    ...inputs,
    name: text(inputs["name"]).toLowerCase(),
    ...(Array.isArray(inputs["subnetIds"])
      ? { subnetIds: [...texts(inputs["subnetIds"])].sort() }
      : {}),
  }),
  create: (call, inputs) => {
    const name = text(inputs["name"]).toLowerCase();
    if (call.state.get(databaseSubnetGroups, name) !== undefined) {
      const message = `The DB subnet group '${name}' already exists.`;
      throw refuse("RDS", "CreateDBSubnetGroup", "DBSubnetGroupAlreadyExists", message);
    }
    const vpcId = coveredNetwork(call, texts(inputs["subnetIds"]), "CreateDBSubnetGroup");
    return {
      id: name,
      outputs: {
        ...common(inputs),
        arn: arn(call.aws, "rds", `subgrp:${name}`),
        name,
        namePrefix: "",
        description: inputs["description"] ?? null,
        subnetIds: [...texts(inputs["subnetIds"])].sort(),
        supportedNetworkTypes: ["IPV4"],
        vpcId,
      },
    };
  },
  update: (call, kept, inputs) => {
    const subnetIds = [...texts(inputs["subnetIds"])].sort();
    coveredNetwork(call, subnetIds, "ModifyDBSubnetGroup");
    const description = inputs["description"] ?? null;
    return { ...kept, outputs: { ...kept.outputs, subnetIds, description } };
  },
  delete: (call, { id }) => {
    const user = call.state.list(databases).find(({ outputs }) => isUser(outputs, "Subnet", id));
    if (user === undefined) return;
    const message = `Cannot delete the subnet group '${id}' because at least one database instance: ${text(user.outputs["identifier"])} is still using it.`;
    throw refuse("RDS", "DeleteDBSubnetGroup", "InvalidDBSubnetGroupStateFault", message);
  },
});

/** Settings of the database server. */
export const databaseParameterGroup = awsType({
  kind: databaseParameterGroups,
  noun: "RDS DB Parameter Group",
  autoName: "name",
  check: (inputs) => conflict(inputs, "namePrefix", "name"),
  canonical: (inputs) => ({ ...inputs, name: text(inputs["name"]).toLowerCase() }),
  create: (call, inputs) => {
    const [name, family] = [text(inputs["name"]).toLowerCase(), text(inputs["family"])];
    const refused = (code: string, message: string) =>
      refuse("RDS", "CreateDBParameterGroup", code, message);
    if (!FAMILIES.includes(family)) {
      const message = `ParameterGroupFamily ${family} is not a valid parameter group family`;
      throw refused("InvalidParameterValue", message);
    }
    if (call.state.get(databaseParameterGroups, name) !== undefined) {
      throw refused("DBParameterGroupAlreadyExists", `Parameter group ${name} already exists`);
    }
    checkParameters(inputs);
    return {
      id: name,
      outputs: {
        ...common(inputs),
        arn: arn(call.aws, "rds", `pg:${name}`),
        name,
        namePrefix: "",
        family,
        description: inputs["description"] ?? null,
        parameters: inputs["parameters"] ?? [],
        skipDestroy: inputs["skipDestroy"] ?? false,
      },
    };
  },
  updatesSlowly: true,
  update: async (call, kept, inputs) => {
    checkParameters(inputs);
    const changed = {
      ...kept,
      outputs: { ...kept.outputs, parameters: inputs["parameters"] ?? [] },
    };
    for (const database of call.state.list(databases)) {
      if (!isUser(database.outputs, "Parameter", kept.id)) continue;
      const server = await databaseServer(call, database);
      await server?.setParameters(parametersOf(changed));
    }
    return changed;
  },
  retried: ["InvalidDBParameterGroupState"],
  delete: (call, { id }) => {
    if (!call.state.list(databases).some(({ outputs }) => isUser(outputs, "Parameter", id))) return;
    const message = `One or more database instances are still members of this parameter group ${id}, so the group cannot be deleted`;
    throw refuse("RDS", "DeleteDBParameterGroup", "InvalidDBParameterGroupState", message);
  },
});

/** The parameters of a group by name. */
export function parametersOf(group: Stored | undefined): Record<string, string> {
  const list = group?.outputs["parameters"];
  return Object.fromEntries(
    (Array.isArray(list) ? list : [])
      .filter(isObject)
      .map(({ name, value }) => [text(name), text(value)]),
  );
}

function isUser(outputs: Properties, group: "Subnet" | "Parameter", name: string): boolean {
  return outputs[group === "Subnet" ? "dbSubnetGroupName" : "parameterGroupName"] === name;
}

function checkParameters(inputs: Properties): void {
  const list = inputs["parameters"];
  for (const parameter of (Array.isArray(list) ? list : []).filter(isObject)) {
    const name = text(parameter["name"]).toLowerCase();
    const waits = PARAMETERS[name];
    const refused = (code: string, message: string) =>
      refuse("RDS", "ModifyDBParameterGroup", code, message);
    if (waits === undefined) {
      throw refused("InvalidParameterValue", `Could not find parameter with name: ${name}`);
    }
    if (waits && text(parameter["applyMethod"]) !== "pending-reboot") {
      const message = "cannot use immediate apply method for static parameter";
      throw refused("InvalidParameterCombination", message);
    }
    if (name === "rds.force_ssl" && !["0", "1"].includes(text(parameter["value"]))) {
      const message = `Invalid parameter value: ${text(parameter["value"])} for: ${name} allowed values are: 0,1`;
      throw refused("InvalidParameterValue", message);
    }
  }
}

function coveredNetwork(call: AwsCall, ids: readonly string[], operation: string): string {
  const found = ids.map((id) =>
    find(call, subnets, id, () =>
      refuse("RDS", operation, "InvalidSubnet", `Some input subnets in :[${id}] are invalid.`),
    ),
  );
  const zones = [...new Set(found.map(({ outputs }) => text(outputs["availabilityZone"])))];
  const networks = [...new Set(found.map(({ outputs }) => text(outputs["vpcId"])))];
  if (networks.length > 1 || !isGiven(networks[0])) {
    const message = "The DB subnet group's subnets are in different VPCs.";
    throw refuse("RDS", operation, "InvalidSubnet", message);
  }
  if (zones.length < 2) {
    const message = `The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: ${zones.join(", ")}. Add subnets to cover at least 2 AZs.`;
    throw refuse("RDS", operation, "DBSubnetGroupDoesNotCoverEnoughAZs", message);
  }
  return networks[0] ?? "";
}
