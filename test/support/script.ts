import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { renderStepInput } from "../../lib/step-input";

/** The project's root folder. */
export const projectRoot = resolve(__dirname, "../..");

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command is given besides its arguments. */
export interface Given {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end, however it ends. */
export async function ended(
  command: string,
  args: readonly string[],
  given: Given = {},
): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: projectRoot, env: { ...process.env, ...given.env } });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", failed);
    child.on("close", (code) => done({ code, stdout, stderr }));
    // A script that refuses its arguments does not read on.
    child.stdin.on("error", () => undefined);
    child.stdin.end(given.stdin ?? "");
  });
}

/**
 * Runs a command that has to succeed.
 *
 * @returns its stdout, trimmed
 * @throws with all it printed when it does not
 */
export async function output(
  command: string,
  args: readonly string[],
  given: Given = {},
): Promise<string> {
  const { code, stdout, stderr } = await ended(command, args, given);
  if (code !== 0) {
    throw new Error(
      `${command} ${args.join(" ")} ended with code ${String(code)}\n${stdout}${stderr}`,
    );
  }
  return stdout.trim();
}

/** Runs one of the project's scripts with values on stdin, however it ends. */
export async function endedScript(
  path: string,
  values: Readonly<Record<string, string>>,
): Promise<Ended> {
  return ended(path, [], { stdin: renderStepInput(values) });
}

/** Runs one of the project's scripts with values on stdin; it has to succeed. */
export async function script(
  path: string,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  return output(path, [], { stdin: renderStepInput(values) });
}
