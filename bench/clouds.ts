import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Rehearsal } from "../test/rehearsal/support/rehearsal";
import { measure, median, note, seconds } from "./measure";

const ROUNDS = 3;
const SERVERS = [1, 10, 50];

/** Measures a cloud's stack in rehearsal: preview of nothing, up from nothing, up without changes. */
export async function measureCloud(stack: string): Promise<void> {
  const rehearsal = new Rehearsal(stack, `berth-bench-${stack}`);
  try {
    await rehearsal.clear();
    const prepared = await rehearsal.rehearse("prepare");
    if (prepared.status !== 0) throw new Error(prepared.output);
    const pulumi = async (args: string) => {
      const started = performance.now();
      const { status, output } = await rehearsal.pulumi(args);
      if (status !== 0) throw new Error(output);
      return performance.now() - started;
    };
    const repeat = async (args: string) => {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) times.push(await pulumi(args));
      return seconds(median(times));
    };
    note(`preview of ${stack}, nothing there`, await repeat("preview"));
    note(
      `rehearsed up of ${stack}, nothing there`,
      seconds(await pulumi("up --yes --skip-preview")),
    );
    note(
      `rehearsed up of ${stack}, no changes`,
      await repeat("up --yes --skip-preview --expect-no-changes"),
    );
  } finally {
    await rehearsal.dispose();
  }
}

/** Measures previews of 1, 10 and 50 servers' worth of resources, and their memory. */
export async function measureManyServers(): Promise<void> {
  const rehearsal = new Rehearsal("prod", "berth-bench-many");
  try {
    await rehearsal.clear();
    const prepared = await rehearsal.rehearse("prepare");
    if (prepared.status !== 0) throw new Error(prepared.output);
    const file = join(rehearsal.folder, "Pulumi.yaml");
    const project = readFileSync(file, "utf8");
    writeFileSync(
      file,
      project.replace(/^main: .*$/m, (line) => `${line}/bench/servers/index.ts`),
    );
    for (const count of SERVERS) {
      const command = `. ${rehearsal.folder}/environment.sh && exec pulumi --cwd "$BERTH_PROJECT" preview --stack prod --non-interactive`;
      const { time, peak } = await measure("bash", ["-c", command], {
        cwd: rehearsal.project.folder,
        env: { ...rehearsal.project.environment, BENCH_SERVERS: String(count) },
      });
      note(
        `preview of ${count} ${count === 1 ? "server" : "servers"}`,
        `${seconds(time)}, ${peak} MB`,
      );
    }
  } finally {
    await rehearsal.dispose();
  }
}
