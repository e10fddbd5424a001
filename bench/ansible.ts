import { execFileSync } from "node:child_process";
import { fetchLocally } from "../test/e2e/support/https";
import { Project } from "../test/e2e/support/project";
import { AnsibleServer } from "./ansible/server";
import { measure, median, note, seconds } from "./measure";

const STACK = "bench-side";
const ROUNDS = 3;
const PAUSE_ATTEMPTS = 10;

/** What one run took, and what it did. */
interface Run {
  readonly time: number;
  readonly logins: number;
  readonly changed: number;
}

/** One of the two that are compared. */
interface Side {
  readonly name: string;
  /** What `changed` counts. */
  readonly unit: string;
  /** Container of its machine. */
  readonly machine: string;
  /** From no machine to done. */
  readonly fromNothing: () => Promise<number>;
  /** Brings what is there to the described state. */
  readonly again: () => Promise<number>;
  readonly answer: () => Promise<void>;
}

/**
 * Measures berth and Ansible bringing up the same application on machines of the same kind, each while the other's
 * machine is paused: from no machine (its start is counted for both), again without changes, and another release.
 * Images are built before.
 */
export async function measureAnsible(): Promise<void> {
  const project = new Project(STACK);
  const ansible = new AnsibleServer(project);
  try {
    await project.make("down");
    const setUp = await project.run("bash", [
      "-c",
      "source commands/stack.sh && select_stack && machine/build.sh && commands/local-server.sh && commands/release.sh",
    ]);
    if (setUp.status !== 0) throw new Error(setUp.output);
    ansible.prepare();
    const sides = [berthSide(project), ansibleSide(ansible)];

    for (const side of sides) {
      report("nothing -> 200 on three names", side, [await once(side, sides, side.fromNothing)]);
    }
    const runs = new Map<Side, Run[]>(sides.map((side) => [side, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const side of sides) runs.get(side)?.push(await once(side, sides, side.again));
    }
    for (const [side, all] of runs) report(`no changes, median of ${ROUNDS}`, side, all);

    project.edit("apps/battery-hub/frontend/pages/index.html", (page) => `${page}\n`);
    const built = await project.run("commands/release.sh", []);
    if (built.status !== 0) throw new Error(built.output);
    for (const side of sides) {
      report("another release, one image differs", side, [await once(side, sides, side.again)]);
    }
  } finally {
    ansible.dispose();
    await project.make("down");
    project.dispose();
  }
}

function report(what: string, side: Side, runs: readonly Run[]): void {
  const { logins = 0, changed = 0 } = runs.at(-1) ?? {};
  const time = seconds(median(runs.map((run) => run.time)));
  note(`${side.name}: ${what}`, `${time}, ${logins} logins, ${changed} ${side.unit} changed`);
}

async function once(side: Side, sides: readonly Side[], run: () => Promise<number>): Promise<Run> {
  const others = sides.filter((other) => other !== side && exists(other.machine));
  for (const { machine } of others) pause(machine);
  try {
    const before = countLogins(side.machine);
    const started = performance.now();
    const changed = await run();
    const time = performance.now() - started;
    await side.answer();
    return { time, logins: countLogins(side.machine) - before, changed };
  } finally {
    for (const { machine } of others) docker("unpause", machine);
  }
}

function berthSide(project: Project): Side {
  const up = async () => {
    const args = ["up", "--stack", STACK, "--yes", "--skip-preview", "--non-interactive"];
    const options = { cwd: project.folder, env: project.environment };
    const { output } = await measure("pulumi", args, options);
    const summary = output.slice(output.lastIndexOf("Resources:"));
    return sum(summary.matchAll(/^ +\S+ (\d+) (?:created|updated|deleted|replaced)$/gm));
  };
  return {
    name: "berth",
    unit: "resources",
    machine: `berth-${STACK}`,
    fromNothing: up,
    again: up,
    answer: async () => {
      const root = await project.output("certificateRoot");
      const urls = JSON.parse(await project.output("urls")) as Record<string, string>;
      await expectAnswers(Object.values(urls), root);
    },
  };
}

function ansibleSide(server: AnsibleServer): Side {
  const again = async () => {
    const { output } = await server.play();
    return sum(output.matchAll(/^server .* changed=(\d+) /gm));
  };
  return {
    name: "Ansible",
    unit: "tasks",
    machine: server.name,
    fromNothing: () => {
      server.start();
      return again();
    },
    again,
    answer: () => expectAnswers(server.urls(), server.root()),
  };
}

async function expectAnswers(urls: readonly string[], root: string): Promise<void> {
  for (const url of urls) {
    const path = new URL(url).hostname === "battery-hub.localhost" ? "/" : "/health";
    const { status } = await fetchLocally(`${url}${path}`, root);
    if (status !== 200) throw new Error(`${url}${path} answers ${status}`);
  }
}

/** Logins that the machine's sshd accepted so far; 0 where there is no machine. */
function countLogins(machine: string): number {
  if (!exists(machine)) return 0;
  const log = docker("exec", machine, "journalctl", "--quiet", "--output", "cat", "--unit", "ssh");
  return log.split("\n").filter((line) => line.startsWith("Accepted publickey for ")).length;
}

function exists(machine: string): boolean {
  return docker("ps", "--all", "--quiet", "--filter", `name=^${machine}$`) !== "";
}

/** Of a machine that starts many processes at the moment, Docker may fail to freeze all. */
function pause(machine: string): void {
  for (let attempt = 1; attempt < PAUSE_ATTEMPTS; attempt += 1) {
    try {
      docker("pause", machine);
      return;
    } catch {
      continue;
    }
  }
  docker("pause", machine);
}

function docker(...args: readonly string[]): string {
  return execFileSync("docker", args, { encoding: "utf8", maxBuffer: 2 ** 26 });
}

function sum(matches: Iterable<RegExpMatchArray>): number {
  return [...matches].reduce((total, [, number]) => total + Number(number), 0);
}

if (require.main === module) {
  measureAnsible().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
