import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "./run";

const ABANDONED_AFTER_MS = 3_600_000;

/** How layers are compressed: zstd is smaller and quicker, Docker reads it since version 23; gzip is read by all. */
export const COMPRESSIONS = ["zstd", "gzip"] as const;

/** One of {@link COMPRESSIONS}. */
export type Compression = (typeof COMPRESSIONS)[number];

/**
 * Images in OCI layout, each a folder `images/<digest>` over shared `blobs`. Its manifest's digest is that of the
 * registry, so a release names it before anything is pushed. Everything is written aside and renamed when whole.
 */
export class ImageStore {
  /**
   * @param folder where the store lies; both compressions of an image may lie in one
   * @param compression of the images that are put in and found
   */
  constructor(
    private readonly folder: string,
    private readonly compression: Compression,
  ) {
    for (const part of ["blobs", "images", "known", "temporary"]) {
      mkdirSync(join(folder, part), { recursive: true });
    }
    this.removeAbandoned();
  }

  /** Tells the digest stored earlier for a key (a fingerprint or an image id), if the image is still there. */
  find(key: string): string | undefined {
    const note = this.noteOf(key);
    if (!existsSync(note)) return undefined;
    const digest = readFileSync(note, "utf8");
    return existsSync(this.imageFolder(digest)) ? digest : undefined;
  }

  /** Notes that a key means an image that is in the store. */
  remember(key: string, digest: string): void {
    const note = this.noteOf(key);
    const draft = `${note}.${String(process.pid)}`;
    writeFileSync(draft, digest);
    renameSync(draft, note);
  }

  /**
   * Copies an image out of Docker.
   *
   * @param imageId Docker's id of it
   * @returns the digest of its manifest
   */
  async put(imageId: string): Promise<string> {
    const known = this.find(imageId);
    if (known !== undefined) return known;

    const aside = mkdtempSync(join(this.folder, "temporary", "put-"));
    try {
      const archive = join(aside, "image.tar");
      const layout = join(aside, "layout");
      // Through an archive, as skopeo's own way to Docker speaks a version of its API that newer ones refuse.
      await run("docker", ["save", "--output", archive, imageId]);
      const blobs = join(this.folder, "blobs");
      await run("skopeo", [
        "copy",
        "--quiet",
        "--dest-compress-format",
        this.compression,
        "--dest-shared-blob-dir",
        blobs,
        `docker-archive:${archive}`,
        `oci:${layout}:image`,
      ]);
      const index = JSON.parse(readFileSync(join(layout, "index.json"), "utf8")) as {
        manifests: { digest: string }[];
      };
      const digest = index.manifests[0]?.digest;
      if (digest === undefined) throw new Error(`skopeo wrote no manifest for image ${imageId}`);
      this.place(layout, digest);
      this.remember(imageId, digest);
      return digest;
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  }

  /** Moves a layout to its place, unless another process has put the same image there. */
  private place(layout: string, digest: string): void {
    const folder = this.imageFolder(digest);
    if (existsSync(folder)) return;
    try {
      renameSync(layout, folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    }
  }

  /** A copy that was killed leaves files as large as the image. */
  private removeAbandoned(): void {
    const folder = join(this.folder, "temporary");
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const found = statSync(path, { throwIfNoEntry: false });
      if (found === undefined || Date.now() - found.mtimeMs <= ABANDONED_AFTER_MS) continue;
      rmSync(path, { recursive: true, force: true });
    }
  }

  /** The same image has another digest under each compression. */
  private noteOf(key: string): string {
    const prefix = this.compression === "zstd" ? "" : `${this.compression}-`;
    return join(this.folder, "known", prefix + key.replace(":", "-"));
  }

  private imageFolder(digest: string): string {
    return join(this.folder, "images", digest.replace(":", "-"));
  }
}
