import { spawn } from "node:child_process";
import { PeakMemory } from "./memory";

/** Prints a figure. */
export function note(name: string, figure: string): void {
  process.stdout.write(`  ${name.padEnd(58)} ${figure}\n`);
}

/** Milliseconds as seconds. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** How long a command took in milliseconds, its peak memory in MB, and what it printed. */
export interface Measured {
  readonly time: number;
  readonly peak: number;
  readonly output: string;
}

/** Runs a command to its end and measures it; one that fails is an error with its output. */
export function measure(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    const memory = new PeakMemory(child.pid ?? 0);
    child.on("close", (status) => {
      const peak = memory.stop();
      if (status === 0) resolve({ time: performance.now() - started, peak, output });
      else
        reject(new Error(`${command} ${args.join(" ")} ended with ${String(status)}:\n${output}`));
    });
  });
}

/** The middle one of sorted values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** The middle one of times in milliseconds, the shortest and the longest, as seconds. */
export function range(times: readonly number[]): string {
  return `${seconds(median(times))} (${seconds(Math.min(...times))} to ${seconds(Math.max(...times))})`;
}
