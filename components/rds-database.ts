import * as rds from "@pulumi/aws/rds";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Settings } from "../config";
import type { PostgresDatabase } from "../lib/application-types";
import type { Database } from "../lib/database";
import type { Ec2Server } from "./ec2-server";

const POSTGRES_MAJOR = "17";

/** Arguments of {@link RdsDatabase}. */
export interface RdsDatabaseArgs {
  readonly settings: Settings;
  readonly server: Ec2Server;
  readonly postgres: PostgresDatabase;
  /** The application's secrets by name. */
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * PostgreSQL on RDS: private, encrypted, reached by the server alone and over verified TLS, backed up daily, with a
 * final snapshot when it is removed.
 */
export class RdsDatabase extends pulumi.ComponentResource implements Database {
  public readonly host: pulumi.Output<string>;
  public readonly port: pulumi.Output<string>;
  public readonly sslMode = pulumi.output("verify-full");
  public readonly certificateAuthority: pulumi.Output<string>;
  public readonly adminPassword: pulumi.Output<string>;
  public readonly steps: readonly pulumi.Resource[];

  constructor(name: string, args: RdsDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:RdsDatabase", name, {}, opts);
    const { settings, server, postgres } = args;
    const { serverName, cloud, managedDatabase } = settings;
    const adminPassword = args.secrets[postgres.admin.secret];
    if (adminPassword === undefined) throw new Error(`there is no secret ${postgres.admin.secret}`);
    const options = { parent: this, provider: server.provider };
    const tags = { Name: serverName };

    const subnets = new rds.SubnetGroup(
      `${name}-subnets`,
      { name: serverName, subnetIds: server.network.subnets.map((subnet) => subnet.id), tags },
      options,
    );
    const parameters = new rds.ParameterGroup(
      `${name}-parameters`,
      {
        name: serverName,
        family: `postgres${POSTGRES_MAJOR}`,
        parameters: [{ name: "rds.force_ssl", value: "1" }],
        tags,
      },
      options,
    );
    // The name of a snapshot has to be free: one that an earlier life of this stack left behind is not touched.
    const suffix = new random.RandomId(`${name}-snapshot`, { byteLength: 4 }, { parent: this });
    const instance = new rds.Instance(
      `${name}-instance`,
      {
        identifier: serverName,
        engine: "postgres",
        engineVersion: POSTGRES_MAJOR,
        instanceClass: managedDatabase.size,
        allocatedStorage: managedDatabase.storageGb,
        storageType: "gp3",
        storageEncrypted: true,
        dbName: postgres.name,
        username: postgres.admin.role,
        password: adminPassword,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [server.network.databaseGroup.id],
        parameterGroupName: parameters.name,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: true,
        applyImmediately: true,
        backupRetentionPeriod: managedDatabase.backupDays,
        deleteAutomatedBackups: false,
        copyTagsToSnapshot: true,
        deletionProtection: cloud.protectData,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: pulumi.interpolate`${serverName}-final-${suffix.hex}`,
        tags,
      },
      { ...options, protect: cloud.protectData },
    );
    this.host = instance.address;
    this.port = instance.port.apply(String);
    this.certificateAuthority = pulumi.output(managedDatabase.authority);
    this.adminPassword = adminPassword;
    this.steps = [instance];
    this.registerOutputs({ host: this.host });
  }
}
