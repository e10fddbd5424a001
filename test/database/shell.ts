import { spawn } from "node:child_process";

/** How a process ended and what it printed. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process under way; {@link ended} always resolves. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Outcome>;
}

/** Settings of {@link begin}. */
export interface ShellOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a command; a non-zero status is an outcome, not an error. */
export function begin(
  command: string,
  args: readonly string[],
  options: ShellOptions = {},
): Running {
  const child = spawn(command, args, { env: { ...process.env, ...options.env } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  // A command may end without having read its input.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
  return { pid: child.pid ?? 0, ended };
}

/** Runs a command to its end, whatever that is. */
export async function attempt(
  command: string,
  args: readonly string[],
  options: ShellOptions = {},
): Promise<Outcome> {
  return begin(command, args, options).ended;
}

/** Runs a command that has to succeed and gives what it printed on stdout, trimmed. */
export async function output(
  command: string,
  args: readonly string[],
  options: ShellOptions = {},
): Promise<string> {
  const { status, stdout, stderr } = await attempt(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args[0] ?? ""} ended with ${status}: ${stderr}`);
  return stdout.trim();
}

/** Waits until a condition holds, at most for some seconds. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  seconds = 180,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
