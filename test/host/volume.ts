import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output } from "../support/script";
import type { HostServer } from "./server";

/** A data volume: a loop device over a file of this host, given to machines by its numbers. */
export class Volume {
  readonly path: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "berth-volume-"));
  private readonly file = join(this.folder, "disk");
  private loop = "";

  /** @param name its name below /dev/disk/by-id on a server */
  constructor(readonly name: string) {
    this.path = `/dev/disk/by-id/${name}`;
  }

  async create(megabytes: number): Promise<void> {
    writeFileSync(this.file, "");
    truncateSync(this.file, megabytes * 1024 * 1024);
    this.loop = await output("losetup", ["--find", "--show", this.file]);
  }

  async grow(megabytes: number): Promise<void> {
    truncateSync(this.file, megabytes * 1024 * 1024);
    await output("losetup", ["--set-capacity", this.loop]);
  }

  /** Device of this host. */
  get device(): string {
    return this.loop;
  }

  /** Makes the node on a server, as its kernel does when the volume is attached. */
  async attach(server: HostServer): Promise<void> {
    const numbers = await output("stat", ["--format", "%Hr %Lr", this.loop]);
    const node = `/dev/${this.name}`;
    await server.run(
      "bash",
      "-c",
      `mkdir -p /dev/disk/by-id && mknod ${node} b ${numbers} && ln -s ${node} ${this.path}`,
    );
  }

  async detach(server: HostServer): Promise<void> {
    await server.run("rm", "-f", this.path, `/dev/${this.name}`);
  }

  async remove(): Promise<void> {
    if (this.loop !== "") await output("losetup", ["--detach", this.loop]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
