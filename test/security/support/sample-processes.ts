/**
 * Notes the arguments and the environment of every process that is seen, 20 times a second, until stdin ends; then
 * prints what it saw as JSON. For each line on stdin it says so on stderr when it has looked at all of them since. Run by
 * process-sampler.ts, as a process of its own, so that nothing else delays it.
 */
import { readFileSync, readdirSync } from "node:fs";
import type { Sighting } from "./process-sampler";

const PERIOD_MS = 50;
/** A process that became another program without another command line is looked at again after so many rounds. */
const ENVIRONMENT_ROUNDS = 20;

const known = new Map<string, { line: string; round: number; containers: string[] }>();
const sightings = new Map<string, Sighting>();
const gaps: number[] = [];
let round = 0;
let asked = Infinity;

function read(process: string, file: string): string {
  try {
    return readFileSync(`/proc/${process}/${file}`, "utf8");
  } catch {
    // It has ended.
    return "";
  }
}

function note(sighting: Sighting): void {
  const key = [sighting.kind, sighting.containers.join(), sighting.text].join("\0");
  if (!sightings.has(key)) sightings.set(key, sighting);
}

function look(process: string): void {
  const line = read(process, "cmdline");
  const before = known.get(process);
  const isNew = before?.line !== line;
  if (!isNew && round - before.round < ENVIRONMENT_ROUNDS) return;
  // Read first: what a container's runtime becomes next has the environment of the service, and is in its container.
  const environment = read(process, "environ");
  // One and the same process stays where it is; a new command line may be another process of that number.
  const containers =
    isNew || before.containers.length === 0
      ? [...new Set(read(process, "cgroup").match(/[0-9a-f]{64}/g) ?? [])]
      : before.containers;
  known.set(process, { line, round, containers });
  if (line === "") return;
  const program = line.split("\0").slice(0, 3).join(" ").slice(0, 200);
  if (isNew) note({ kind: "arguments", containers, program, text: line.replaceAll("\0", " ") });
  for (const variable of environment.split("\0")) {
    if (variable !== "") note({ kind: "environment", containers, program, text: variable });
  }
}

let last = performance.now();
const timer = setInterval(() => {
  const now = performance.now();
  gaps.push(now - last);
  last = now;
  round += 1;
  const present = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  for (const process of present) look(process);
  const alive = new Set(present);
  for (const process of known.keys()) if (!alive.has(process)) known.delete(process);
  if (round >= asked) {
    asked = Infinity;
    process.stderr.write("looked\n");
  }
}, PERIOD_MS);

// The round that may be under way has passed some of them already.
process.stdin.on("data", () => (asked = round + 2));
process.stdin.on("end", () => {
  clearInterval(timer);
  const seconds = gaps.reduce((sum, gap) => sum + gap, 0) / 1000;
  process.stdout.write(
    JSON.stringify({ sightings: [...sightings.values()], rounds: round, seconds }),
  );
});
process.stderr.write("sampling\n");
