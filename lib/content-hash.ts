import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Lists the files below a folder, or the file itself, as paths relative to `root`, sorted by code point. */
export function listFiles(root: string, path = ""): string[] {
  const full = join(root, path);
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .flatMap((entry) => listFiles(root, path === "" ? entry : `${path}/${entry}`))
    .sort();
}

/**
 * Hashes the names, modes (executable or not) and contents of files below `root`; the same tree gives the same hash
 * on every machine.
 *
 * @param paths files or folders relative to `root`
 */
export function hashFiles(root: string, paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of paths.flatMap((path) => listFiles(root, path)).sort()) {
    const full = join(root, file);
    const executable = (statSync(full).mode & 0o111) !== 0;
    const content = readFileSync(full);
    hash.update(`${file}\0${String(executable)}\0${String(content.length)}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}
