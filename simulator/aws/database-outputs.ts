import { createHash } from "node:crypto";
import type { Properties } from "../../toolchain/plugins/provider/values";
import { engineVersion } from "./database-checks";
import { databaseSubnetGroups, subnets } from "./kinds";
import { provider } from "./provider";
import type { AwsCall } from "./resource";
import { text, texts } from "./values";

const CHANGEABLE: Properties = {
  allocatedStorage: 0,
  allowMajorVersionUpgrade: null,
  applyImmediately: false,
  autoMinorVersionUpgrade: true,
  backupRetentionPeriod: 0,
  copyTagsToSnapshot: false,
  deleteAutomatedBackups: true,
  deletionProtection: false,
  finalSnapshotIdentifier: null,
  iamDatabaseAuthenticationEnabled: false,
  instanceClass: null,
  maxAllocatedStorage: 0,
  monitoringInterval: 0,
  multiAz: false,
  password: null,
  performanceInsightsEnabled: false,
  publiclyAccessible: false,
  skipFinalSnapshot: false,
  storageType: "gp2",
};

/** What an update may change, with the defaults of RDS. */
export function changeable(inputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(CHANGEABLE).map(([name, value]) => [name, inputs[name] ?? value]),
  );
}

/** What stays as the database was made, and what RDS fills in. */
export function fixed(call: AwsCall, inputs: Properties): Properties {
  const group = call.state.get(databaseSubnetGroups, text(inputs["dbSubnetGroupName"]));
  const first = call.state.get(subnets, texts(group?.outputs["subnetIds"])[0] ?? "");
  return {
    engine: "postgres",
    username: inputs["username"] ?? null,
    dbName: inputs["dbName"] ?? "",
    availabilityZone: inputs["availabilityZone"] ?? first?.outputs["availabilityZone"] ?? null,
    dbSubnetGroupName: inputs["dbSubnetGroupName"] ?? null,
    parameterGroupName: parameterGroup(call, inputs),
    vpcSecurityGroupIds: [...texts(inputs["vpcSecurityGroupIds"])].sort(),
    storageEncrypted: inputs["storageEncrypted"] ?? false,
    kmsKeyId: inputs["kmsKeyId"] ?? "",
    caCertIdentifier: "rds-ca-rsa2048-g1",
    hostedZoneId: "Z1RLNUO7B9Q6NB",
    licenseModel: "postgresql-license",
    networkType: "IPV4",
    backupWindow: inputs["backupWindow"] ?? "02:10-02:40",
    maintenanceWindow: text(inputs["maintenanceWindow"]).toLowerCase() || "sun:04:00-sun:04:30",
    optionGroupName: "default:postgres-17",
    identifierPrefix: "",
    replicas: [],
    listenerEndpoints: [],
    masterUserSecrets: [],
    latestRestorableTime: "",
  };
}

/** The version asked for and the one that runs. */
export function versions(call: AwsCall, inputs: Properties, operation: string): Properties {
  const actual = engineVersion(call, inputs, operation);
  return { engineVersion: inputs["engineVersion"] ?? actual, engineVersionActual: actual };
}

/** The parameter group in force, that of the engine by default. */
export function parameterGroup(call: AwsCall, inputs: Properties): string {
  const given = text(inputs["parameterGroupName"]);
  const major = engineVersion(call, inputs, "DescribeDBEngineVersions").split(".")[0] ?? "";
  return given === "" ? `default.postgres${major}` : given;
}

/** `<identifier>.<12 characters of account and region>.<region>.rds.amazonaws.com`. */
export function endpointName(call: AwsCall, identifier: string): string {
  const { region } = provider();
  const hash = createHash("sha256").update(`${call.aws.accountId} ${region}`).digest("hex");
  return `${identifier}.c${hash.slice(0, 11)}.${region}.rds.amazonaws.com`;
}
