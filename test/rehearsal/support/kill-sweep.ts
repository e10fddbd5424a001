import { spawn } from "node:child_process";
import type { Rehearsal } from "./rehearsal";

/** How one `pulumi up` of a sweep ended. */
export interface Round {
  /** Resources that it, and no round before, reported as made before it was killed, or until its end. */
  readonly made: readonly string[];
  readonly killed: boolean;
  readonly status: number | null;
  readonly output: string;
}

const MADE = /^ \+ {2}(\S+) (\S+) created /;

/**
 * Runs `pulumi up` on a rehearsed stack and kills the CLI (SIGKILL) as soon as it reports a resource of a cloud, a
 * step or a key as made; components and the stack itself don't count. Nor does a resource that a round before was
 * killed at: it may be made again, as the state may not have been written yet when it was reported.
 *
 * @param after how many resources it may make before it is killed
 * @param seen names of the resources that rounds before reported; gets those of this one
 */
export function upUntilKilled(
  rehearsal: Rehearsal,
  after: number,
  seen: Set<string>,
): Promise<Round> {
  const command = `. ${rehearsal.folder}/environment.sh && exec pulumi --cwd "$BERTH_PROJECT" up --yes --skip-preview --stack ${rehearsal.stack} --non-interactive --color never`;
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-c", command], {
      cwd: rehearsal.project.folder,
      env: rehearsal.project.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const made: string[] = [];
    let output = "";
    let rest = "";
    let killed = false;
    const read = (text: string) => {
      output += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [, type = "", name = ""] = MADE.exec(line) ?? [];
        if (type === "" || type.startsWith("berth:") || type.startsWith("pulumi:")) continue;
        if (seen.has(name)) continue;
        seen.add(name);
        made.push(name);
        if (made.length >= after && !killed) {
          killed = true;
          child.kill("SIGKILL");
        }
      }
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", read);
    child.on("error", reject);
    // Plugins outlive the CLI for a moment and hold its pipes; the CLI itself is gone at "exit".
    child.on("exit", (status) => resolve({ made, killed, status, output }));
  });
}
