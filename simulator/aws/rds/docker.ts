import { spawn } from "node:child_process";

/** Settings of {@link execute}. */
export interface ExecuteOptions {
  /** Given on stdin, where secrets travel. Default: nothing. */
  readonly input?: string;
  /** Give what it printed on stderr too. Default: false. */
  readonly withErrors?: boolean;
}

/**
 * Runs a command to its end; gives what it printed on stdout, trimmed.
 *
 * @throws Error with what it printed on stderr
 */
export async function execute(
  command: string,
  args: readonly string[],
  { input = "", withErrors = false }: ExecuteOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    // A command may end without having read its input.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve((withErrors ? stdout + stderr : stdout).trim());
      else reject(new Error(`${command} ${args[0] ?? ""} ended with ${status}: ${stderr.trim()}`));
    });
  });
}
