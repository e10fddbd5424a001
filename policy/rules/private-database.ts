import { keepsData, PROTECT_DATA, rule } from "../rule";
import { RDS_INSTANCE } from "../types";

const SHORTEST_BACKUP_DAYS = 7;

/** A managed database is reached from its network only, encrypted, backed up, and refuses its own removal. */
export const privateDatabase = rule({
  name: "private-database",
  description: "Managed databases are private, encrypted, backed up and not removed by accident.",
  types: [RDS_INSTANCE],
  configSchema: PROTECT_DATA,
  check: (resource) => {
    const { name, props } = resource;
    const days: unknown = props.backupRetentionPeriod;
    const findings = [
      ...(props.publiclyAccessible === true
        ? [`${name} is reachable from the internet; set publiclyAccessible: false.`]
        : []),
      ...(props.storageEncrypted === true
        ? []
        : [`${name} is not encrypted; set storageEncrypted: true when it is made.`]),
      ...(typeof days === "number" && days >= SHORTEST_BACKUP_DAYS
        ? []
        : [
            `${name} keeps backups for ${typeof days === "number" ? days : 0} days; ` +
              `allowed are ${SHORTEST_BACKUP_DAYS} to 35 (databaseBackupDays).`,
          ]),
    ];
    if (!keepsData(resource)) return findings;
    return [
      ...findings,
      ...(props.deletionProtection === true
        ? []
        : [`${name} can be removed at AWS; set deletionProtection: true.`]),
      ...(props.skipFinalSnapshot === true
        ? [`${name} would be removed without a last snapshot; set skipFinalSnapshot: false.`]
        : []),
    ];
  },
});
