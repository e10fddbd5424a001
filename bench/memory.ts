import { readdirSync, readFileSync } from "node:fs";

/** Watches a process and all it starts, and keeps the largest sum of their resident memory. */
export class PeakMemory {
  private peakKiB = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => this.look(), 100);
  }

  /** Ends the watch and gives the peak in MB. */
  stop(): number {
    clearInterval(this.timer);
    return Math.round((this.peakKiB * 1024) / 1_000_000);
  }

  private look(): void {
    const parents = new Map<number, number>();
    const resident = new Map<number, number>();
    for (const entry of readdirSync("/proc")) {
      if (!/^\d+$/.test(entry)) continue;
      try {
        const status = readFileSync(`/proc/${entry}/status`, "utf8");
        parents.set(Number(entry), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0));
        resident.set(Number(entry), Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0));
      } catch {
        // It ended between the listing and the reading.
      }
    }
    let sum = 0;
    for (const pid of parents.keys())
      if (this.descends(pid, parents)) sum += resident.get(pid) ?? 0;
    this.peakKiB = Math.max(this.peakKiB, sum);
  }

  private descends(pid: number, parents: ReadonlyMap<number, number>): boolean {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
      if (at === this.pid) return true;
    }
    return false;
  }
}
