import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { whileLocked } from "./lock";

/** A kind of resource, such as droplets, with the type of what is kept of each: a folder below `resources`. */
export interface Kind<Resource> {
  readonly folder: string;
  /** Never set: it ties the type to the name. */
  readonly sample?: Resource;
}

/** Names a kind, as `kind<Droplet>("digitalocean/droplets")`. */
export function kind<Resource extends object>(folder: string): Kind<Resource> {
  return { folder };
}

/** Everything the simulated clouds hold: a folder with a JSON file per resource. */
export class State {
  /** @param folder absolute path; made when it is missing */
  constructor(readonly folder: string) {
    mkdirSync(join(folder, "resources"), { recursive: true });
  }

  /** The resource, or undefined when there is none. */
  get<T extends object>(kind: Kind<T>, id: string): T | undefined {
    return readJson(this.file(kind, id)) as T | undefined;
  }

  /** All resources of a kind, the oldest id first. */
  list<T extends object>(kind: Kind<T>): T[] {
    return names(this.kindFolder(kind)).flatMap((name) => {
      const found = readJson(join(this.kindFolder(kind), name));
      return found === undefined ? [] : [found as T];
    });
  }

  /** Makes the resource or puts it in the place of the recorded one; readers see the old or the new one, whole. */
  put<T extends object>(kind: Kind<T>, id: string, resource: T): void {
    mkdirSync(this.kindFolder(kind), { recursive: true });
    writeWhole(this.file(kind, id), `${JSON.stringify(resource, null, 2)}\n`);
  }

  /** Forgets the resource; nothing happens when it is gone. */
  remove(kind: Kind<object>, id: string): void {
    rmSync(this.file(kind, id), { force: true });
  }

  /** Reads a file of the folder itself, such as `account.json`; undefined when it is not there. */
  readFile(name: string): unknown {
    return readJson(join(this.folder, name));
  }

  /** Writes a file of the folder itself. */
  writeFile(name: string, content: unknown): void {
    writeWhole(join(this.folder, name), `${JSON.stringify(content, null, 2)}\n`);
  }

  /** Runs `work` while no other call and no other process changes the state. Keep it short: everyone else waits. */
  locked<T>(work: () => T | Promise<T>): Promise<T> {
    return whileLocked(this.folder, work);
  }

  private kindFolder(kind: Kind<object>): string {
    return join(this.folder, "resources", kind.folder);
  }

  private file(kind: Kind<object>, id: string): string {
    return join(this.kindFolder(kind), `${encodeURIComponent(id)}.json`);
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

let writes = 0;

function writeWhole(file: string, content: string): void {
  writes += 1;
  const draft = `${file}.${process.pid}.${writes}`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
