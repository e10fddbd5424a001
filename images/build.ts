/**
 * Builds an application's images into the image store and writes the release they make.
 *
 *   node --import tsx images/build.ts [--app apps/battery-hub] [--output releases/local.json] [--compression zstd|gzip]
 *
 * Images whose sources did not change are not built again. Exit codes: 0 done, 1 a build failed, 64 wrong arguments.
 * Environment: BERTH_CACHE (its folder oci holds the images), BERTH_CA_BUNDLE, PIP_INDEX_URL, NPM_CONFIG_REGISTRY.
 */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readApplication } from "../lib/application";
import { findingLine } from "../lib/finding";
import { COMPRESSIONS, type Compression } from "./image-store";
import { Progress } from "./progress";
import { buildRelease, writeRelease } from "./release";

const projectRoot = resolve(__dirname, "..");

async function main(): Promise<void> {
  const started = Date.now();
  const { values } = parseArgs({
    options: {
      app: { type: "string", default: join(projectRoot, "apps/battery-hub") },
      output: { type: "string", default: join(projectRoot, "releases/local.json") },
      compression: { type: "string", default: "zstd" },
    },
  });
  const compression = readCompression(values.compression);
  const { application, findings } = readApplication(resolve(values.app));
  if (application === undefined) throw new Error(findings.map(findingLine).join("\n"));

  const cache =
    process.env.BERTH_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "berth");
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const release = await buildRelease({
    application,
    store: join(cache, "oci"),
    compression,
    progress: new Progress(say),
  });
  if (writeRelease(resolve(values.output), release)) {
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    say(`release ${release.id} of ${release.app} written to ${values.output} after ${seconds} s`);
  }
}

function readCompression(given: string): Compression {
  const found = COMPRESSIONS.find((name) => name === given);
  if (found !== undefined) return found;
  const error: NodeJS.ErrnoException = new Error(
    `--compression is "${given}"; allowed: ${COMPRESSIONS.join(", ")}`,
  );
  error.code = "ERR_PARSE_ARGS_COMPRESSION";
  throw error;
}

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = code?.startsWith("ERR_PARSE_ARGS") === true ? 64 : 1;
});
