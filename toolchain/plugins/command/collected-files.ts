import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { assetArchive, fileAsset, type Properties } from "../provider/values";
import { globToRegExp } from "./globs";

/** Files that a local command made, as outputs `assets` and `archive`. */
export async function collectFiles(folder: string, inputs: Properties): Promise<Properties> {
  const outputs: Properties = {};
  const assetPaths = inputs["assetPaths"] as string[] | undefined;
  const archivePaths = inputs["archivePaths"] as string[] | undefined;
  if (assetPaths !== undefined) outputs["assets"] = (await findAssets(folder, assetPaths)).assets;
  if (archivePaths !== undefined) {
    const { assets, hash } = await findAssets(folder, archivePaths);
    outputs["archive"] = assetArchive(assets, hash);
  }
  return outputs;
}

/** Later patterns win; one that begins with `!` takes files out again. */
async function findAssets(folder: string, patterns: string[]) {
  const rules = patterns.map((pattern) => ({
    excludes: pattern.startsWith("!"),
    matches: globToRegExp(pattern.replace(/^!/, "")),
  }));
  const assets: Properties = {};
  const digest = createHash("sha256");
  for (const path of await filesUnder(folder)) {
    const rule = rules.findLast(({ matches }) => matches.test(path));
    if (rule === undefined || rule.excludes) continue;
    const hash = createHash("sha256")
      .update(await readFile(join(folder, path)))
      .digest("hex");
    assets[path] = fileAsset(join(folder, path), hash);
    digest.update(`${path}\0${hash}\n`);
  }
  return { assets, hash: digest.digest("hex") };
}

async function filesUnder(folder: string, below = ""): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const paths = await Promise.all(
    entries.map(async (entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(folder, path) : [path];
    }),
  );
  return paths.flat().sort();
}
