import { readdir, stat } from "node:fs/promises";
import { basename, join, posix } from "node:path";
import type { RemoteFiles } from "./remote-files";

/** Writes a text to a remote file, whose folders are made if missing. */
export async function copyText(
  files: RemoteFiles,
  text: string,
  remotePath: string,
): Promise<void> {
  if ((await files.kindOf(remotePath)) === "folder") {
    throw new Error(`${remotePath} is a folder on the server; a text needs the path of a file`);
  }
  await makeFolders(files, posix.dirname(remotePath));
  await files.writeText(remotePath, text);
}

/**
 * Copies a file or folder. Into a folder that is there, a file goes under its own name; so does a
 * folder, there or not, unless its path ends in "/", which means its content.
 */
export async function copyPath(
  files: RemoteFiles,
  path: string,
  remotePath: string,
): Promise<void> {
  const there = await files.kindOf(remotePath);
  if (!(await stat(path)).isDirectory()) {
    if (there === undefined) await makeFolders(files, posix.dirname(remotePath));
    const target = there === "folder" ? posix.join(remotePath, basename(path)) : remotePath;
    await files.writeFile(target, path);
    return;
  }
  await makeFolders(files, remotePath);
  const target = path.endsWith("/") ? remotePath : posix.join(remotePath, basename(path));
  await copyFolder(files, path, target);
}

async function copyFolder(files: RemoteFiles, path: string, remotePath: string): Promise<void> {
  await ensureFolder(files, remotePath);
  const entries = await readdir(path);
  for (const name of entries.sort()) {
    const source = join(path, name);
    const target = posix.join(remotePath, name);
    if ((await stat(source)).isDirectory()) await copyFolder(files, source, target);
    else await files.writeFile(target, source);
  }
}

async function makeFolders(files: RemoteFiles, path: string): Promise<void> {
  if (path === "." || path === "/" || (await files.kindOf(path)) === "folder") return;
  await makeFolders(files, posix.dirname(path));
  await ensureFolder(files, path);
}

async function ensureFolder(files: RemoteFiles, path: string): Promise<void> {
  const kind = await files.kindOf(path);
  if (kind === "file") throw new Error(`${path} is a file on the server, a folder is needed there`);
  if (kind === undefined) await files.makeFolder(path);
}
