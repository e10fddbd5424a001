import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fetchLocally } from "../test/e2e/support/https";
import { Project } from "../test/e2e/support/project";
import { measureAnsible } from "./ansible";
import { measureCloud, measureManyServers } from "./clouds";
import { measure, note, range, seconds, type Measured } from "./measure";

const STACK = "bench";
const ROUNDS = 5;
const ROUNDS_FROM_NOTHING = 3;
const UP = ["up", "--stack", STACK, "--yes", "--skip-preview", "--non-interactive"];

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

/** Takes away what is there, brings the application up and awaits 200 on its names; the times of both in milliseconds. */
async function measureFromNothing(
  project: Project,
): Promise<Measured & { readonly answered: number }> {
  await project.make("down");
  const setUp = await project.run("bash", [
    "-c",
    "source commands/stack.sh && select_stack && commands/local-server.sh && commands/release.sh",
  ]);
  if (setUp.status !== 0) throw new Error(setUp.output);
  const started = performance.now();
  const up = await measure("pulumi", UP, { cwd: project.folder, env: project.environment });
  const root = await project.output("certificateRoot");
  const urls = JSON.parse(await project.output("urls")) as Record<string, string>;
  for (const [name, url] of Object.entries(urls)) {
    const { status } = await fetchLocally(`${url}${name === "main" ? "/" : "/health"}`, root);
    if (status !== 200) throw new Error(`${url} answers ${status}`);
  }
  return { ...up, answered: performance.now() - started };
}

/** From `pulumi up` on no server to 200 on three names, then no-op ups and previews. */
async function measureStack(project: Project): Promise<void> {
  const options = { cwd: project.folder, env: project.environment };
  const ups: Awaited<ReturnType<typeof measureFromNothing>>[] = [];
  for (let round = 0; round < ROUNDS_FROM_NOTHING; round += 1) {
    ups.push(await measureFromNothing(project));
  }
  note(
    `nothing -> 200 on three names, images built, median of ${ROUNDS_FROM_NOTHING}`,
    range(ups.map(({ answered }) => answered)),
  );
  note("  of it pulumi up", range(ups.map(({ time }) => time)));

  const peaks = ups.map(({ peak }) => peak);
  for (const [name, args] of [
    ["no-op up --skip-preview", [...UP, "--expect-no-changes"]],
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
    note(`${name}, median of ${ROUNDS}`, range(times));
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
