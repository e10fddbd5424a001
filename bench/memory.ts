import { readdirSync, readFileSync } from "node:fs";

/**
 * Watches a process and all it starts, and keeps the largest sum of their proportional memory (PSS): a page that
 * several of them map, such as Node's own program, counts once and not once for each.
 */
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
    for (const entry of readdirSync("/proc")) {
      if (!/^\d+$/.test(entry)) continue;
      const parent = /^PPid:\s+(\d+)/m.exec(readProcess(entry, "status"))?.[1];
      if (parent !== undefined) parents.set(Number(entry), Number(parent));
    }
    let sum = 0;
    for (const pid of parents.keys()) {
      if (!this.descends(pid, parents)) continue;
      sum += Number(/^Pss:\s+(\d+)/m.exec(readProcess(String(pid), "smaps_rollup"))?.[1] ?? 0);
    }
    this.peakKiB = Math.max(this.peakKiB, sum);
  }

  private descends(pid: number, parents: ReadonlyMap<number, number>): boolean {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
      if (at === this.pid) return true;
    }
    return false;
  }
}

/** A file of a process, empty when it ended between the listing and the reading. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
