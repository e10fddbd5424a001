import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pack } from "tar-stream";
import { listFiles } from "./content-hash";

/**
 * Packs the files below a folder into a tar, base64 on one line. Owner, order and times are fixed, so equal files give
 * an equal text and no step runs for nothing.
 */
export async function packFolder(root: string): Promise<string> {
  const archive = pack();
  for (const name of listFiles(root)) {
    const full = join(root, name);
    const executable = (statSync(full).mode & 0o111) !== 0;
    archive.entry(
      { name, mode: executable ? 0o755 : 0o644, mtime: new Date(0), uid: 0, gid: 0 },
      readFileSync(full),
    );
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("base64");
}
