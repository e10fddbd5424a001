import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kind } from "../core/state";
import type { Rehearsal } from "./rehearsal";
import { runScript } from "./run-script";

/** How a volume appears in a machine. */
export interface Slot {
  /** Device node, as `/dev/sda`. */
  node: string;
  /** Names in /dev/disk/by-id. */
  links: readonly string[];
}

interface Volume {
  id: string;
  machine?: string;
  slot?: Slot;
}

const volumes = kind<Volume>("rehearsal/volumes");
const GB = 1024 ** 3;

/** Volumes: sparse files that are block devices, through loop devices, of the machine that has them. */
export class Volumes {
  constructor(private readonly rehearsal: Rehearsal) {}

  create(id: string, sizeGb: number): void {
    mkdirSync(join(this.rehearsal.state.folder, "volumes"), { recursive: true });
    writeFileSync(this.file(id), "", { mode: 0o600 });
    truncateSync(this.file(id), sizeGb * GB);
    this.rehearsal.state.put(volumes, id, { id });
  }

  async grow(id: string, sizeGb: number): Promise<void> {
    truncateSync(this.file(id), sizeGb * GB);
    await this.loop(id, "grow");
  }

  async remove(id: string): Promise<void> {
    await this.loop(id, "free");
    rmSync(this.file(id), { force: true });
    this.rehearsal.state.remove(volumes, id);
  }

  async attach(id: string, machine: string, slot: Slot, container: string): Promise<void> {
    this.rehearsal.state.put(volumes, id, { id, machine, slot });
    await this.show(machine, container);
  }

  async detach(id: string, container: string): Promise<void> {
    const machine = this.machineOf(id);
    this.rehearsal.state.put(volumes, id, { id });
    if (machine !== undefined) await this.show(machine, container);
    await this.loop(id, "free");
  }

  /** The machine that has the volume; undefined when none has. */
  machineOf(id: string): string | undefined {
    return this.rehearsal.state.get(volumes, id)?.machine;
  }

  /** Detaches all volumes of a machine that is gone. */
  async releaseAll(machine: string): Promise<void> {
    for (const { id } of this.of(machine)) await this.detachFromNothing(id);
  }

  /** Makes the machine's devices those of its volumes. */
  async show(machine: string, container: string): Promise<void> {
    if (!this.rehearsal.hasContainers) return;
    const lines = this.of(machine).map(
      ({ id, slot }) =>
        `${slot?.node ?? ""} ${this.file(id)} ${slot?.links.join(" ") ?? ""}`.trimEnd() + "\n",
    );
    await runScript("devices.sh", { NAME: container, DEVICES: lines.join("") });
  }

  private of(machine: string): Volume[] {
    return this.rehearsal.state.list(volumes).filter((volume) => volume.machine === machine);
  }

  private async detachFromNothing(id: string): Promise<void> {
    this.rehearsal.state.put(volumes, id, { id });
    await this.loop(id, "free");
  }

  private async loop(id: string, action: "free" | "grow"): Promise<void> {
    if (this.rehearsal.hasContainers) await runScript("loop.sh", {}, [this.file(id), action]);
  }

  private file(id: string): string {
    return join(this.rehearsal.state.folder, "volumes", `${id}.img`);
  }
}
