import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Application } from "../lib/application-types";
import type { Release, ReleaseImage } from "../lib/release-file";
import { type BuildPlan, type BuildStep, planBuilds } from "./build-plan";
import { buildImage, dockerPlatform, localImageId, pullImage } from "./docker";
import { fingerprintBuild } from "./fingerprint";
import { type Compression, ImageStore } from "./image-store";
import type { Progress } from "./progress";
import { run } from "./run";

/** Builds at a time; more would only share the same cores. */
const PARALLEL_BUILDS = 2;

/** What {@link buildRelease} needs. */
export interface BuildReleaseArgs {
  readonly application: Application;
  /** Folder of the image store. */
  readonly store: string;
  /** How layers are compressed; another one makes another release. */
  readonly compression: Compression;
  readonly progress: Pick<Progress, "start">;
}

/** Builds what changed of an application's images, keeps them in the store and tells the release they make. */
export async function buildRelease(args: BuildReleaseArgs): Promise<Release> {
  const { application, progress } = args;
  const store = new ImageStore(args.store, args.compression);
  const plan = planBuilds(application, await dockerPlatform());

  const images: Record<string, ReleaseImage> = {};
  const keep = (services: readonly string[], image: ReleaseImage): void => {
    for (const service of services) images[service] = image;
  };
  const stale: BuildStep[] = [];
  for (const step of plan.builds) {
    const key = fingerprintBuild(step, localImageId);
    const digest = key === undefined ? undefined : store.find(key);
    if (digest === undefined) stale.push(step);
    else keep(step.services, { repository: step.repository, digest });
  }
  if (stale.length > 0) await ensureBaseImage(progress);

  await eachOf(stale, PARALLEL_BUILDS, async (step) => {
    const task = progress.start(`image ${step.repository}`);
    const imageId = await buildImage(step, task.detail);
    task.detail("copying it into the image store");
    const digest = await store.put(imageId);
    // What the builder pulled meanwhile is there now, so the fingerprint can be told.
    const key = fingerprintBuild(step, localImageId);
    if (key !== undefined) store.remember(key, digest);
    keep(step.services, { repository: step.repository, digest });
    task.done(digest.slice(0, 19));
  });
  await addPulled(plan, store, progress, keep);
  return nameRelease(application.project.name, plan.platform, images);
}

async function addPulled(
  plan: BuildPlan,
  store: ImageStore,
  progress: Pick<Progress, "start">,
  keep: (services: readonly string[], image: ReleaseImage) => void,
): Promise<void> {
  for (const step of plan.pulls) {
    let imageId = localImageId(step.reference);
    if (imageId === undefined || store.find(imageId) === undefined) {
      const task = progress.start(`image ${step.reference}`);
      imageId ??= await pullImage(step.reference, step.platform);
      await store.put(imageId);
      task.done();
    }
    keep(step.services, { repository: step.repository, digest: await store.put(imageId) });
  }
}

/** Gives a release its id: the same application and images have the same, whenever and wherever it is made. */
export function nameRelease(
  app: string,
  platform: string,
  images: Readonly<Record<string, ReleaseImage>>,
): Release {
  const sorted = Object.fromEntries(Object.entries(images).sort(([a], [b]) => (a < b ? -1 : 1)));
  const id = createHash("sha256")
    .update(
      JSON.stringify([
        app,
        platform,
        Object.entries(sorted).map(([name, image]) => [name, image.digest]),
      ]),
    )
    .digest("hex")
    .slice(0, 12);
  return { id, app, platform, images: sorted };
}

/** Writes a release file, unless it says the same already. */
export function writeRelease(file: string, release: Release): boolean {
  const text = `${JSON.stringify(release, null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${String(process.pid)}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
  return true;
}

async function ensureBaseImage(progress: Pick<Progress, "start">): Promise<void> {
  const task = progress.start("base image");
  await run(join(__dirname, "base.sh"), [], { onLine: task.detail });
  task.done();
}

/** Works through items, a few at a time; the first failure stops the start of further ones. */
async function eachOf<T>(
  items: readonly T[],
  parallel: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: parallel }, worker));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
