import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { foundIn, type Needles } from "./needles";

/** Arguments, or one variable of the environment, of a process. */
export interface Sighting {
  readonly kind: "arguments" | "environment";
  /** Containers that it ran in, the outermost first: none on the operator's machine, one on a local server. */
  readonly containers: readonly string[];
  /** Its first words. */
  readonly program: string;
  readonly text: string;
}

/** What was seen of processes, and how closely it was looked. */
export interface Sample {
  readonly sightings: readonly Sighting[];
  readonly rounds: number;
  readonly seconds: number;
}

/** Looks at every process of this machine, those in containers included, 20 times a second. */
export class ProcessSampler {
  private constructor(private readonly child: ChildProcessByStdio<Writable, Readable, Readable>) {}

  /** Begins; returns when it looks. */
  static async start(): Promise<ProcessSampler> {
    const script = join(__dirname, "sample-processes.ts");
    const child = spawn(process.execPath, ["--import", "tsx", script], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_HIGHEST);
    await once(child.stderr, "data");
    return new ProcessSampler(child);
  }

  /** Waits until every process that runs now was looked at. */
  async looked(): Promise<void> {
    const said = once(this.child.stderr, "data");
    this.child.stdin.write("\n");
    await said;
  }

  /** Ends, and tells what was seen. */
  async stop(): Promise<Sample> {
    let text = "";
    this.child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
    this.child.stdin.end();
    await once(this.child, "close");
    return JSON.parse(text) as Sample;
  }
}

/**
 * Sightings that give a secret away where it may not be. A process in a container of the application has the secrets of
 * its service in its environment, and nothing in its arguments.
 *
 * @param ownSecrets names of the secrets of the service that a container, the innermost of a process, runs
 */
export function leaksOf(
  sightings: readonly Sighting[],
  needles: Needles,
  ownSecrets: (container: string) => readonly string[],
): string[] {
  return sightings.flatMap((sighting) => {
    const found = foundIn(sighting.text, needles);
    if (found.length === 0 || isProgramItself(sighting)) return [];
    const inner = sighting.containers.length > 1 ? sighting.containers.at(-1) : undefined;
    const own = sighting.kind === "environment" && inner !== undefined ? ownSecrets(inner) : [];
    return found
      .filter((name) => !own.includes(name))
      .map(
        (name) =>
          `${name} in the ${sighting.kind} of "${sighting.program.split(" ")[0]}" ${where(sighting)}`,
      );
  });
}

// The engine hands the stack's configuration to the Pulumi program there, and to no other process.
function isProgramItself({ kind, containers, program, text }: Sighting): boolean {
  return (
    kind === "environment" &&
    containers.length === 0 &&
    text.startsWith("PULUMI_CONFIG=") &&
    /(^|\/)node /.test(program)
  );
}

function where({ containers }: Sighting): string {
  if (containers.length === 0) return "on the operator's machine";
  return containers.length === 1
    ? "on the server"
    : `in container ${String(containers.at(-1)).slice(0, 12)}`;
}
