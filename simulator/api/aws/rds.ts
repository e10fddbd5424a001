import { databaseParameterGroups, databases, databaseSubnetGroups } from "../../aws/kinds";
import { text } from "../../aws/values";
import type { ApiAnswer } from "../http";
import type { Asked } from "./asked";
import { queryAnswer } from "./query-answer";
import { invalidAction, Refused } from "./refused";
import type { XmlObject } from "./xml";

const NAMESPACE = "http://rds.amazonaws.com/doc/2014-10-31/";
const ANY_CLASS = /^db\.[a-z0-9]+\.(micro|small|medium|large|\d*xlarge)$/;

const ACTIONS: Readonly<Record<string, (asked: Asked) => XmlObject>> = {
  DescribeDBEngineVersions: (asked) => ({
    DBEngineVersions: {
      DBEngineVersion: engineVersions(asked).map((version) => ({
        Engine: "postgres",
        MajorEngineVersion: version.split(".")[0],
        EngineVersion: version,
        Status: "available",
      })),
    },
  }),
  DescribeOrderableDBInstanceOptions: (asked) => ({
    OrderableDBInstanceOptions: { OrderableDBInstanceOption: options(asked) },
  }),
  DescribeDBInstances: ({ state, params }) => {
    const wanted = params.get("DBInstanceIdentifier");
    const found = state
      .list(databases)
      .filter(({ outputs }) => wanted === null || text(outputs["identifier"]) === wanted);
    if (wanted !== null && found.length === 0) {
      throw new Refused(404, "DBInstanceNotFound", `DBInstance ${wanted} not found.`);
    }
    const instances = found.map(({ outputs }) => ({
      DBInstanceIdentifier: text(outputs["identifier"]),
      DbiResourceId: text(outputs["resourceId"]),
      DBInstanceClass: text(outputs["instanceClass"]),
      DBInstanceArn: text(outputs["arn"]),
      Engine: "postgres",
      DBInstanceStatus: "available",
    }));
    return { DBInstances: { DBInstance: instances } };
  },
  DescribeDBSubnetGroups: ({ state, params }) => {
    const wanted = params.get("DBSubnetGroupName");
    const found = names(state.list(databaseSubnetGroups), wanted);
    if (wanted !== null && found.length === 0) {
      throw new Refused(404, "DBSubnetGroupNotFoundFault", `DBSubnetGroup ${wanted} not found.`);
    }
    return {
      DBSubnetGroups: { DBSubnetGroup: found.map((name) => ({ DBSubnetGroupName: name })) },
    };
  },
  DescribeDBParameterGroups: ({ state, params }) => {
    const wanted = params.get("DBParameterGroupName");
    const found = names(state.list(databaseParameterGroups), wanted);
    if (wanted !== null && found.length === 0) {
      throw new Refused(404, "DBParameterGroupNotFound", `DBParameterGroup ${wanted} not found.`);
    }
    return {
      DBParameterGroups: {
        DBParameterGroup: found.map((name) => ({ DBParameterGroupName: name })),
      },
    };
  },
};

/** Answers as RDS, with lists of one page. */
export function answerRds(asked: Asked): ApiAnswer {
  const action = asked.params.get("Action") ?? "";
  const describe = ACTIONS[action];
  if (describe === undefined) throw invalidAction(action);
  return queryAnswer(NAMESPACE, action, describe(asked));
}

function engineVersions({ account, params }: Asked): string[] {
  requirePostgres(params);
  const wanted = params.get("EngineVersion");
  return account.engineVersions.filter(
    (version) => wanted === null || version === wanted || version.startsWith(`${wanted}.`),
  );
}

function options({ account, params }: Asked): XmlObject[] {
  requirePostgres(params);
  const wanted = params.get("DBInstanceClass") ?? "";
  const { databaseClasses } = account;
  const offered =
    databaseClasses.length === 0 ? ANY_CLASS.test(wanted) : databaseClasses.includes(wanted);
  if (!offered) return [];
  return account.engineVersions.map((version) => ({
    Engine: "postgres",
    EngineVersion: version,
    DBInstanceClass: wanted,
    Vpc: true,
    SupportsStorageEncryption: true,
    StorageType: "gp3",
  }));
}

function requirePostgres(params: URLSearchParams): void {
  const engine = params.get("Engine");
  if (engine === "postgres") return;
  throw new Refused(400, "InvalidParameterValue", `Invalid DB engine: ${engine ?? ""}`);
}

function names(
  groups: readonly { outputs: Readonly<Record<string, unknown>> }[],
  wanted: string | null,
): string[] {
  return groups
    .map(({ outputs }) => outputs["name"])
    .filter((name) => typeof name === "string")
    .filter((name) => wanted === null || name === wanted);
}
