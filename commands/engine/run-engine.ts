import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { parseEvent, type EngineEvent } from "./events";

/** How the engine ended. */
export interface EngineEnd {
  /** Exit code of the CLI; 128 and the signal's number where one ended it. */
  readonly status: number;
  readonly stderr: string;
  readonly interrupted: boolean;
}

/** Who is told while the engine runs. */
export interface Listener {
  readonly onEvent: (event: EngineEvent) => void;
  /** A line that is no event. */
  readonly onLine: (line: string) => void;
  /** @param times how often it was interrupted */
  readonly onInterrupt: (times: number) => void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const MOST_INTERRUPTS = 2;

/**
 * Runs the Pulumi CLI with `--json` and hands over its events. An interrupt reaches it once as SIGINT, upon which it
 * ends the steps under way and keeps the state; a second one makes it end at once.
 */
export function runEngine(args: readonly string[], listener: Listener): Promise<EngineEnd> {
  // A group of its own: a terminal interrupts all of its group, and so the plugins in the middle of a step.
  const engine = spawn("pulumi", [...args, "--json", "--non-interactive"], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const interrupts = passInterrupts(engine, listener.onInterrupt);
  let stderr = "";
  createInterface({ input: engine.stdout }).on("line", (line) => {
    const event = parseEvent(line);
    if (event !== undefined) listener.onEvent(event);
    else if (!line.startsWith("{")) listener.onLine(line);
  });
  createInterface({ input: engine.stderr }).on("line", (line) => {
    stderr += `${line}\n`;
    listener.onLine(line);
  });
  return new Promise((resolve, reject) => {
    engine.on("error", reject);
    engine.on("close", (code, signal) => {
      const status = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      resolve({ status, stderr, interrupted: interrupts.stop() > 0 });
    });
  });
}

function passInterrupts(
  engine: ChildProcess,
  onInterrupt: (times: number) => void,
): { stop: () => number } {
  let times = 0;
  const pass = (): void => {
    times += 1;
    if (times > MOST_INTERRUPTS) return;
    engine.kill("SIGINT");
    onInterrupt(times);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  return {
    stop: () => {
      for (const signal of SIGNALS) process.off(signal, pass);
      return times;
    },
  };
}
