import type { Properties } from "../../toolchain/plugins/provider/values";
import { hexId, isoSeconds } from "../core/ids";
import { arn } from "./account";
import { checkChangeable, checkDatabase, databaseComplaints } from "./database-checks";
import { parametersOf } from "./database-groups";
import { changeable, endpointName, fixed, parameterGroup, versions } from "./database-outputs";
import { databaseServer, takeSnapshot } from "./database-machine";
import { refuse } from "./errors";
import {
  databaseParameterGroups,
  type DatabaseRecord,
  databases,
  databaseSnapshots,
} from "./kinds";
import { type AwsCall, awsType, common } from "./resource";
import { number, text, texts } from "./values";

const PORT = 5432;
/** With applyImmediately false these stay as they are until the maintenance window. */
const WAITING = ["instanceClass", "engineVersion", "parameterGroupName", "allocatedStorage"];
const NEXT_START = ["instanceClass", "engineVersion", "parameterGroupName", "port"];
/** A managed PostgreSQL: in a rehearsal a container that lets in and refuses as RDS does. */
export const database = awsType({
  kind: databases,
  noun: "RDS DB Instance",
  check: databaseComplaints,
  canonical: (inputs) => ({ ...inputs, engine: text(inputs["engine"]).toLowerCase() }),
  adjust: (changes, news, state) =>
    changes.filter(
      ({ property, kind }) =>
        // A prefix of the version in use is no change.
        property !== "engineVersion" ||
        kind === "delete" ||
        !isPrefix(text(news["engineVersion"]), text(state["engineVersionActual"])),
    ),
  unread: ["password", "engineVersion", "finalSnapshotIdentifier", "skipFinalSnapshot"],
  create: (call, inputs) => {
    const identifier =
      text(inputs["identifier"]) || `${call.name.toLowerCase()}${hexId("", 7)}`.slice(0, 63);
    checkDatabase(call, { ...inputs, identifier });
    const id = `db-${hexId("", 26).toUpperCase()}`;
    const host = endpointName(call, identifier);
    const port = number(inputs["port"]) ?? PORT;
    return {
      id,
      container: "",
      network: { name: "", dns: "" },
      privateAddress: "",
      outputs: {
        ...common(inputs),
        ...changeable(inputs),
        ...fixed(call, inputs),
        ...versions(call, inputs, "CreateDBInstance"),
        arn: arn(call.aws, "rds", `db:${identifier}`),
        identifier,
        resourceId: id,
        address: host,
        endpoint: `${host}:${port}`,
        port,
        status: "creating",
      },
    };
  },
  finish: async (call, made, inputs) => {
    const { name, dns } = await call.machines.network();
    const { id } = made;
    const container = `${name}-${id.toLowerCase()}`;
    const privateAddress = await call.machines.freeAddress(id);
    const placed = { ...made, container, network: { name, dns }, privateAddress };
    call.state.put(databases, id, placed);
    const server = await databaseServer(call, placed);
    await server?.create(text(inputs["password"]), inForce(call, placed));
    const host = text(made.outputs["address"]);
    await call.machines.setNames(id, [{ name: host, type: "A", values: [privateAddress] }]);
    return { ...placed, outputs: { ...made.outputs, status: "available" } };
  },
  updatesSlowly: true,
  update: async (call, kept, inputs, olds) => {
    const wanted = withoutWaiting(call, kept, inputs);
    checkChangeable(call, { ...wanted, password: inputs["password"] ?? null }, "ModifyDBInstance");
    checkGrowth(kept, wanted);
    const port = number(wanted["port"]) ?? PORT;
    const outputs: Properties = {
      ...kept.outputs,
      ...changeable(wanted),
      ...versions(call, wanted, "ModifyDBInstance"),
      vpcSecurityGroupIds: [...texts(wanted["vpcSecurityGroupIds"])].sort(),
      parameterGroupName: parameterGroup(call, wanted),
      port,
      endpoint: `${text(kept.outputs["address"])}:${port}`,
    };
    const changed = { ...kept, outputs };
    const server = await databaseServer(call, changed);
    if (text(inputs["password"]) !== text(olds["password"])) {
      await server?.setPassword(text(inputs["password"]));
    }
    await server?.setParameters(inForce(call, changed));
    const isRestarted = NEXT_START.some((name) => outputs[name] !== kept.outputs[name]);
    if (isRestarted) {
      call.log(`restarting database ${text(outputs["identifier"])}`);
      await server?.reboot();
    }
    return changed;
  },
  delete: (call, { id }, state) => {
    const kept = call.state.get(databases, id);
    const isSwitchedOff = state["deletionProtection"] === false && state["applyImmediately"];
    if (kept?.outputs["deletionProtection"] === true && isSwitchedOff !== true) {
      const message =
        "Cannot delete protected DB Instance, please disable deletion protection and try again.";
      throw refuse("RDS", "DeleteDBInstance", "InvalidParameterCombination", message);
    }
    if (state["skipFinalSnapshot"] === true) return;
    const name = text(state["finalSnapshotIdentifier"]);
    if (name === "") {
      throw new Error(
        `deleting RDS DB Instance (${id}): final_snapshot_identifier is required when skip_final_snapshot is false`,
      );
    }
    if (call.state.get(databaseSnapshots, name) !== undefined) {
      const message = `Cannot create the snapshot because a snapshot with the identifier ${name} already exists.`;
      throw refuse("RDS", "DeleteDBInstance", "DBSnapshotAlreadyExists", message);
    }
  },
  dismantle: async (call, kept, state) => {
    const name = text(state["finalSnapshotIdentifier"]);
    if (state["skipFinalSnapshot"] !== true) {
      call.log(`taking the final snapshot ${name}`);
      const folder = await takeSnapshot(call, kept, name);
      const made = { snapshotCreateTime: isoSeconds(), engine: "postgres" };
      const database = text(kept.outputs["identifier"]);
      call.state.put(databaseSnapshots, name, { id: name, outputs: made, database, folder });
    }
    await (await databaseServer(call, kept))?.remove();
    await call.machines.setNames(kept.id, []);
    await call.machines.releaseAddress(kept.id);
  },
});

function inForce(call: AwsCall, record: DatabaseRecord): Record<string, string> {
  const group = text(record.outputs["parameterGroupName"]);
  return parametersOf(call.state.get(databaseParameterGroups, group));
}

function withoutWaiting(call: AwsCall, kept: DatabaseRecord, inputs: Properties): Properties {
  if (inputs["applyImmediately"] === true) return inputs;
  const waiting = WAITING.filter(
    (name) => inputs[name] !== undefined && inputs[name] !== kept.outputs[name],
  );
  if (waiting.length > 0) {
    call.warn(`${waiting.join(", ")}: pending until the maintenance window (applyImmediately)`);
  }
  const before = Object.fromEntries(waiting.map((name) => [name, kept.outputs[name] ?? null]));
  return { ...inputs, ...before };
}

function checkGrowth(kept: DatabaseRecord, wanted: Properties): void {
  const refused = (message: string) =>
    refuse("RDS", "ModifyDBInstance", "InvalidParameterCombination", message);
  const [size, before] = [wanted, kept.outputs].map((side) => number(side["allocatedStorage"]));
  if (size !== undefined && before !== undefined && size < before) {
    throw refused(
      `Invalid storage size ${size} GiB: storage can't be decreased from ${before} GiB`,
    );
  }
  const [to, from] = [wanted, kept.outputs].map((side) =>
    Number(text(side["engineVersion"]).split(".")[0]),
  );
  if (to !== undefined && from !== undefined && to !== from) {
    if (to < from) throw refused(`Cannot upgrade postgres from ${from} to ${to}`);
    if (wanted["allowMajorVersionUpgrade"] !== true) {
      const message = "The AllowMajorVersionUpgrade flag must be present when upgrading to a new";
      throw refused(`${message} major version.`);
    }
  }
}

function isPrefix(wanted: string, actual: string): boolean {
  return wanted === actual || actual.startsWith(`${wanted}.`);
}
