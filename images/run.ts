import { spawn } from "node:child_process";

/** A command that ended badly; the message holds the end of what it printed. */
export class CommandFailure extends Error {}

/** Settings of {@link run}. */
export interface RunOptions {
  /** Variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each line as it comes, from either stream. */
  readonly onLine?: (line: string) => void;
}

const KEPT_LINES = 25;

/**
 * Runs a command to its end.
 *
 * @returns what it printed on stdout, trimmed
 * @throws CommandFailure with the last lines it printed
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...options.env },
    });
    let output = "";
    const last: string[] = [];
    const follow = (stream: NodeJS.ReadableStream, keep: boolean): void => {
      let rest = "";
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        if (keep) output += text;
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          last.push(line);
          if (last.length > KEPT_LINES) last.shift();
          options.onLine?.(line);
        }
      });
    };
    follow(child.stdout, true);
    follow(child.stderr, false);
    child.on("error", (error: NodeJS.ErrnoException) => {
      const missing = `${command} is not on PATH; run \`make setup\`, then \`. toolchain/env.sh\``;
      reject(new CommandFailure(error.code === "ENOENT" ? missing : error.message));
    });
    child.on("close", (code) => {
      if (code === 0) resolve(output.trim());
      else
        reject(
          new CommandFailure(
            `${last.join("\n")}\n${command} ${args[0] ?? ""} ended with code ${String(code)}`,
          ),
        );
    });
  });
}
