/** One thing under way. */
export interface Task {
  /** Notes what it is at; shown only when it takes long. */
  readonly detail: (line: string) => void;
  readonly done: (result?: string) => void;
}

const HEARTBEAT_SECONDS = 10;

/** Lines that tell a person what is going on and for how long. */
export class Progress {
  /** @param write receives each line */
  constructor(private readonly write: (line: string) => void) {}

  /** Says that something starts, and every ten seconds what it is at, until it is done. */
  start(name: string): Task {
    const started = Date.now();
    let at = "";
    this.write(`building ${name} ...`);
    const heartbeat = setInterval(() => {
      this.write(`  ${name}: ${elapsed(started)}, ${at}`);
    }, HEARTBEAT_SECONDS * 1000);
    // A failure elsewhere must not keep the process alive.
    heartbeat.unref();
    return {
      detail: (line) => {
        if (line.trim() !== "") at = line.trim().slice(0, 100);
      },
      done: (result) => {
        clearInterval(heartbeat);
        this.write(
          `built ${name} in ${elapsed(started)}${result === undefined ? "" : ` (${result})`}`,
        );
      },
    };
  }
}

function elapsed(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
