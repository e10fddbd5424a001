import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseRecord } from "./kinds";
import { DatabaseServer } from "./rds/database-server";
import { execute } from "./rds/docker";
import type { AwsCall } from "./resource";
import { number, text } from "./values";

/** The server behind a database; undefined where machines are records only. */
export async function databaseServer(
  call: AwsCall,
  record: DatabaseRecord,
): Promise<DatabaseServer | undefined> {
  if (call.account.machines === "none") return undefined;
  const { outputs } = record;
  return new DatabaseServer({
    container: record.container,
    labels: { "berth.stack": record.network.name, "berth.name": record.container },
    folder: databaseFolder(call, record.id),
    network: record.network.name,
    networkOptions: ["--ip", record.privateAddress, "--dns", record.network.dns],
    endpoint: text(outputs["address"]),
    port: number(outputs["port"]) ?? 5432,
    master: text(outputs["username"]),
    database: text(outputs["dbName"]),
    image: await databaseImage(),
    authority: join(call.state.folder, "aws", "authority"),
    library: join(treeRoot(), "simulator", "aws", "rds"),
  });
}

/** Makes the image that all databases run, and tells its name; nearly nothing is done when it is there. */
export async function databaseImage(): Promise<string> {
  return execute(join(treeRoot(), "machine", "build.sh"), ["rds"]);
}

/** Copies the data of a database whose server stands still; gives the folder of the copy. */
export async function takeSnapshot(
  call: AwsCall,
  record: DatabaseRecord,
  name: string,
): Promise<string> {
  if (call.account.machines === "none") return "";
  await execute("docker", ["stop", "--time", "30", record.container]);
  const copy = join(call.state.folder, "aws", "snapshots", name);
  mkdirSync(copy, { recursive: true });
  cpSync(join(databaseFolder(call, record.id), "data"), copy, { recursive: true });
  return copy;
}

function databaseFolder(call: AwsCall, id: string): string {
  return join(call.state.folder, "aws", "databases", id);
}

function treeRoot(): string {
  const root = process.env["BERTH_ROOT"] ?? "";
  if (root === "") throw new Error("BERTH_ROOT must name the tree; commands/rehearse.sh sets it");
  return root;
}
