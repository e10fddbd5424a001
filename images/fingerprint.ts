import { createHash, type Hash } from "node:crypto";
import { readFileSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import type { BuildStep } from "./build-plan";
import { readDockerIgnore } from "./docker-ignore";

/**
 * Hashes all that an image's content depends on: the files sent to the builder, the arguments, the images it builds on.
 * The same fingerprint means that building again would make the same image.
 *
 * @param imageId tells the id of a local image, or undefined where there is none
 * @returns undefined when an image it builds on is not there, so that nothing can be known
 */
export function fingerprintBuild(
  step: BuildStep,
  imageId: (reference: string) => string | undefined,
): string | undefined {
  const { context, dockerfile, target, args } = step.build;
  const text = readFileSync(join(context, dockerfile), "utf8");
  const bases = baseReferences(text).map(imageId);
  if (bases.includes(undefined)) return undefined;

  const values = Object.entries(args).map(([name, value]) => [name, value ?? process.env[name]]);
  const hash = createHash("sha256");
  hash.update(JSON.stringify([step.platform, target, values, bases, text]));
  const ignored = readDockerIgnore(context, dockerfile);
  hashFolder(hash, context, "", ignored);
  return hash.digest("hex");
}

/** References that a Dockerfile's FROM and COPY --from lines take from outside it. */
export function baseReferences(dockerfile: string): string[] {
  const stages = new Set<string>(["scratch"]);
  const references = new Set<string>();
  for (const line of dockerfile.split("\n")) {
    const from = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line);
    const copied = /^\s*COPY\s.*--from=(\S+)/i.exec(line)?.[1];
    const reference = from?.[1] ?? copied;
    if (reference !== undefined && !stages.has(reference) && !/^\d+$/.test(reference))
      references.add(reference);
    if (from?.[2] !== undefined) stages.add(from[2]);
  }
  return [...references].sort();
}

function hashFolder(
  hash: Hash,
  root: string,
  folder: string,
  ignored: (path: string) => boolean,
): void {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (ignored(path)) continue;
    const full = join(root, path);
    if (entry.isDirectory()) {
      hash.update(`folder ${path}\0`);
      hashFolder(hash, root, path, ignored);
    } else if (entry.isSymbolicLink()) {
      hash.update(`link ${path}\0${readlinkSync(full)}\0`);
    } else if (entry.isFile()) {
      const content = readFileSync(full);
      hash
        .update(`file ${path}\0${String(statSync(full).mode & 0o777)}\0${String(content.length)}\0`)
        .update(content);
    }
  }
}
