import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fetchLocally } from "../test/e2e/support/https";
import { Project } from "../test/e2e/support/project";
import { measureAnsible } from "./ansible";
import { measureCloud, measureManyServers } from "./clouds";
import { measure, median, note, seconds } from "./measure";

const STACK = "bench";
const ROUNDS = 5;

/** The toolchain and the images from nothing, in a cache of their own. */
async function measureCold(project: Project): Promise<void> {
  const cache = mkdtempSync(join(tmpdir(), "berth-bench-cache-"));
  const options = { cwd: project.folder, env: { ...process.env, BERTH_CACHE: cache } };
  try {
    note(
      "toolchain, empty cache",
      seconds((await measure("toolchain/setup.sh", [], options)).time),
    );
    spawnSync("docker", ["builder", "prune", "--all", "--force"]);
    const build = ["--import", "tsx", "images/build.ts", "--output", join(cache, "release.json")];
    note("image builds, nothing cached", seconds((await measure("node", build, options)).time));
    note("image builds, nothing changed", seconds((await measure("node", build, options)).time));
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** From `pulumi up` on no server to 200 on three names, then no-op ups and previews. */
async function measureStack(project: Project): Promise<void> {
  const setUp = await project.run("bash", [
    "-c",
    "source commands/stack.sh && select_stack && commands/local-server.sh && commands/release.sh",
  ]);
  if (setUp.status !== 0) throw new Error(setUp.output);
  const options = { cwd: project.folder, env: project.environment };
  const up = ["up", "--stack", STACK, "--yes", "--skip-preview", "--non-interactive"];

  const started = performance.now();
  const first = await measure("pulumi", up, options);
  const root = await project.output("certificateRoot");
  const urls = JSON.parse(await project.output("urls")) as Record<string, string>;
  for (const [name, url] of Object.entries(urls)) {
    const { status } = await fetchLocally(`${url}${name === "main" ? "/" : "/health"}`, root);
    if (status !== 200) throw new Error(`${url} answers ${status}`);
  }
  note("nothing -> 200 on three names, images built", seconds(performance.now() - started));
  note("  of it pulumi up", seconds(first.time));

  const peaks = [first.peak];
  for (const [name, args] of [
    ["no-op up --skip-preview", [...up, "--expect-no-changes"]],
    [
      "preview, no changes",
      ["preview", "--stack", STACK, "--non-interactive", "--expect-no-changes"],
    ],
  ] as const) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { time, peak } = await measure("pulumi", args, options);
      times.push(time);
      peaks.push(peak);
    }
    note(
      `${name}, median of ${ROUNDS}`,
      `${seconds(median(times))} (${seconds(Math.min(...times))} to ${seconds(Math.max(...times))})`,
    );
  }
  note("peak memory of pulumi and its plugins", `${Math.max(...peaks)} MB`);
}

async function main(): Promise<void> {
  const memory = Math.round(totalmem() / 2 ** 30);
  process.stdout.write(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores of ${cpus()[0]?.model.trim() ?? "unknown"}, ${memory} GiB\n`,
  );
  const project = new Project(STACK);
  try {
    await measureStack(project);
    await project.make("down");
    if (process.env.BENCH_ANSIBLE !== "no") await measureAnsible();
    if (process.env.BENCH_CLOUDS !== "no") {
      for (const stack of ["prod", "staging"]) await measureCloud(stack);
      await measureManyServers();
    }
    if (process.env.BENCH_COLD !== "no") await measureCold(project);
  } finally {
    await project.make("down");
    project.dispose();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
