import { spawn } from "node:child_process";
import type { Operation } from "../provider/resource-handler";
import type { Properties } from "../provider/values";
import { commandHandler, type CommandRun } from "./command-handler";
import { collectFiles } from "./collected-files";
import { assertSuccess, OutputCollector, type Logging, type Outcome } from "./output";
import { previousOutput } from "./previous-output";
import { Redactor } from "./redact";

const SHELL = ["/bin/sh", "-c"];

/** `command:local:Command`: commands for create, update and delete on this machine. */
export const localCommand = commandHandler(runHere, (inputs) => [
  ...(inputs["assetPaths"] === undefined ? [] : ["assets"]),
  ...(inputs["archivePaths"] === undefined ? [] : ["archive"]),
]);

async function runHere(
  operation: Operation,
  { which, command, inputs, olds }: CommandRun,
): Promise<Properties> {
  const redactor = new Redactor(operation.secrets);
  const output = new OutputCollector(inputs["logging"] as Logging, redactor, operation.log);
  const folder = (inputs["dir"] as string | undefined) ?? process.cwd();
  const interpreter = inputs["interpreter"] as string[] | undefined;
  const words = interpreter === undefined || interpreter.length === 0 ? SHELL : interpreter;
  const outcome = await runLocal([...words, command], {
    folder,
    environment: { ...(inputs["environment"] as object), ...previousOutput(inputs, olds) },
    stdin: inputs["stdin"] as string | undefined,
    output,
  });
  assertSuccess(outcome, `the ${which} command failed on this machine`, output);
  return { ...output.finish(), ...(await collectFiles(folder, inputs)) };
}

interface LocalRun {
  folder: string;
  environment: Record<string, string>;
  stdin: string | undefined;
  output: OutputCollector;
}

function runLocal([program = "", ...args]: string[], how: LocalRun): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: how.folder,
      env: { ...process.env, ...how.environment },
    });
    child.stdout.on("data", (chunk: Buffer) => how.output.stdout(chunk));
    child.stderr.on("data", (chunk: Buffer) => how.output.stderr(chunk));
    // A command may end without reading its input; that is its own affair.
    child.stdin.on("error", () => undefined);
    child.stdin.end(how.stdin ?? "");
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        new Error(
          `cannot start ${program} in ${how.folder} (${error.code ?? error.message}): ` +
            `check the arguments "interpreter" and "dir"`,
        ),
      ),
    );
    child.on("close", (code, signal) =>
      resolve(code === null ? { signal: signal ?? "unknown" } : { code }),
    );
  });
}
