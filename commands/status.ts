/**
 * Renders what `commands/status.sh` gathered.
 *
 *   node --import tsx commands/status.ts STACK text|json EXIT_CODE_OF_THE_LOGIN FOLDER
 *
 * FOLDER holds history, outputs, server (JSON, each may be empty) and error (what ssh said).
 * Exit codes: 0 all is well, 1 something is not, 3 the stack is not up, 4 the server can't be reached, 64 another format.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeStatus, renderStatus, type Gathered } from "./status-report";

function read(folder: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, name), "utf8"));
  } catch {
    return undefined;
  }
}

function main(): number {
  const [stack = "", format = "", login = "", folder = ""] = process.argv.slice(2);
  if (format !== "text" && format !== "json") {
    process.stderr.write(`error: FORMAT is "${format}"; allowed are text and json\n`);
    return 64;
  }
  const report = describeStatus({
    stack,
    login: Number(login),
    error: readFileSync(join(folder, "error"), "utf8").trim(),
    history: read(folder, "history") as Gathered["history"],
    outputs: read(folder, "outputs") as Gathered["outputs"],
    server: read(folder, "server") as Gathered["server"],
    now: new Date(),
  });
  process.stdout.write(
    format === "json"
      ? `${JSON.stringify(report, null, 2)}\n`
      : renderStatus(process.stdout, report),
  );
  return report.exitCode;
}

process.exitCode = main();
