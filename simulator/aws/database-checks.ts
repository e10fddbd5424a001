import type { Properties } from "../../toolchain/plugins/provider/values";
import { refuse } from "./errors";
import { databaseParameterGroups, databases, databaseSubnetGroups, securityGroups } from "./kinds";
import { type AwsCall, find } from "./resource";
import { conflict, given, isGiven, number, text, texts } from "./values";

const UNSIMULATED = [
  "blueGreenUpdate",
  "characterSetName",
  "customIamInstanceProfile",
  "domain",
  "domainFqdn",
  "identifierPrefix",
  "manageMasterUserPassword",
  "passwordWo",
  "replicateSourceDb",
  "restoreToPointInTime",
  "s3Import",
  "snapshotIdentifier",
  "timezone",
] as const;
const RESERVED = ["admin", "rdsadmin", "rds_superuser", "public", "user"];
const SMALLEST_GB = 20;
const LONGEST_BACKUP_DAYS = 35;
const SNAPSHOT_NAME = /^[a-zA-Z](-?[a-zA-Z0-9])*$/;

/** What the provider refuses before it calls AWS. */
export function databaseComplaints(inputs: Properties): string[] {
  const days = number(inputs["backupRetentionPeriod"]);
  const snapshot = inputs["finalSnapshotIdentifier"];
  return [
    ...given(inputs, UNSIMULATED).map((name) => `"${name}": the simulator does not have it`),
    ...conflict(inputs, "password", "manageMasterUserPassword"),
    ...(days !== undefined && (days < 0 || days > LONGEST_BACKUP_DAYS)
      ? [
          `expected backup_retention_period to be in the range (0 - ${LONGEST_BACKUP_DAYS}), got ${days}`,
        ]
      : []),
    ...(isGiven(snapshot) && !SNAPSHOT_NAME.test(text(snapshot))
      ? [
          `"finalSnapshotIdentifier" is ${text(snapshot)}; allowed are letters, digits and single hyphens, beginning with a letter`,
        ]
      : []),
  ];
}

/** What AWS refuses when a database is made. */
export function checkDatabase(call: AwsCall, inputs: Properties): void {
  const refused = (code: string, message: string) =>
    refuse("RDS", "CreateDBInstance", code, message);
  for (const [argument, field] of [
    ["allocatedStorage", "allocated_storage"],
    ["engine", "engine"],
    ["username", "username"],
  ] as const) {
    if (!isGiven(inputs[argument])) throw new Error(`"${field}": required field is not set`);
  }
  if (text(inputs["engine"]).toLowerCase() !== "postgres") {
    const message = `Invalid DB engine: ${text(inputs["engine"])}; the simulator has postgres`;
    throw refused("InvalidParameterValue", message);
  }
  const identifier = text(inputs["identifier"]);
  if (!/^[a-z](-?[a-z0-9]){0,62}$/.test(identifier)) {
    const message =
      "The parameter DBInstanceIdentifier is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.";
    throw refused("InvalidParameterValue", message);
  }
  if (call.state.list(databases).some(({ outputs }) => outputs["identifier"] === identifier)) {
    throw refused("DBInstanceAlreadyExists", "DB instance already exists");
  }
  const limit = call.aws.limits["databases"];
  if (limit !== undefined && call.state.list(databases).length >= limit) {
    throw refused("InstanceQuotaExceeded", "You have exceeded your maximum DB instance quota.");
  }
  if (RESERVED.includes(text(inputs["username"]).toLowerCase())) {
    const message = `MasterUsername ${text(inputs["username"])} cannot be used as it is a reserved word used by the engine`;
    throw refused("InvalidParameterValue", message);
  }
  checkChangeable(call, inputs, "CreateDBInstance");
}

/** What AWS refuses at a change as well. */
export function checkChangeable(call: AwsCall, inputs: Properties, operation: string): void {
  const refused = (code: string, message: string) => refuse("RDS", operation, code, message);
  const { databaseClasses } = call.aws;
  const size = text(inputs["instanceClass"]);
  if (!size.startsWith("db.") || (databaseClasses.length > 0 && !databaseClasses.includes(size))) {
    throw refused("InvalidParameterValue", `Invalid DB Instance class: ${size}`);
  }
  if ((number(inputs["allocatedStorage"]) ?? SMALLEST_GB) < SMALLEST_GB) {
    const message = `Invalid storage size for engine name postgres and storage type gp3: ${number(inputs["allocatedStorage"]) ?? 0}`;
    throw refused("InvalidParameterValue", message);
  }
  checkPassword(text(inputs["password"]), operation);
  const vpcId = networkOf(call, text(inputs["dbSubnetGroupName"]), operation);
  for (const id of texts(inputs["vpcSecurityGroupIds"])) {
    const group = find(call, securityGroups, id, () =>
      refused("InvalidParameterValue", `Invalid security group , groupId= ${id}, groupName=.`),
    );
    if (group.outputs["vpcId"] !== vpcId) {
      const message = `The DB instance and EC2 security group are in different VPCs. The DB instance is in ${vpcId} and the EC2 security group is in ${text(group.outputs["vpcId"])}`;
      throw refused("InvalidVPCNetworkStateFault", message);
    }
  }
  const parameters = text(inputs["parameterGroupName"]);
  if (parameters === "" || parameters.startsWith("default.")) return;
  const group = find(call, databaseParameterGroups, parameters, () =>
    refused("DBParameterGroupNotFound", `DBParameterGroup not found: ${parameters}`),
  );
  const family = `postgres${engineVersion(call, inputs, operation).split(".")[0] ?? ""}`;
  if (group.outputs["family"] !== family) {
    const message = `The Parameter Group ${parameters} with DBParameterGroupFamily ${text(group.outputs["family"])} can't be used for this instance. Please use a Parameter Group with DBParameterGroupFamily ${family}`;
    throw refused("InvalidParameterCombination", message);
  }
}

/** The full version that a prefix such as `17` stands for: the newest. */
export function engineVersion(call: AwsCall, inputs: Properties, operation: string): string {
  const wanted = text(inputs["engineVersion"]);
  const found = call.aws.engineVersions.filter(
    (version) => wanted === "" || version === wanted || version.startsWith(`${wanted}.`),
  );
  const newest = found.at(-1);
  if (newest !== undefined) return newest;
  const message = `Cannot find version ${wanted} for postgres`;
  throw refuse("RDS", operation, "InvalidParameterCombination", message);
}

function networkOf(call: AwsCall, name: string, operation: string): string {
  const group = find(call, databaseSubnetGroups, name, () =>
    name === ""
      ? refuse("RDS", operation, "InvalidSubnet", "No default subnet detected in VPC.")
      : refuse(
          "RDS",
          operation,
          "DBSubnetGroupNotFoundFault",
          `DB subnet group '${name}' does not exist.`,
          404,
        ),
  );
  return text(group.outputs["vpcId"]);
}

// No message holds the password.
function checkPassword(password: string, operation: string): void {
  const refused = (why: string) =>
    refuse(
      "RDS",
      operation,
      "InvalidParameterValue",
      `The parameter MasterUserPassword is not a valid password${why}`,
    );
  if (password.length < 8) throw refused(" because it is shorter than 8 characters.");
  if (password.length > 128) throw refused(" because it is longer than 128 characters.");
  if (!/^[!#-.0-?A-~]+$/.test(password)) {
    throw refused(". Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.");
  }
}
