import { resolve } from "node:path";
import { COMPRESSIONS } from "../../images/image-store";
import type { Task } from "../../images/progress";
import { buildRelease, writeRelease } from "../../images/release";
import { readApplication } from "../../lib/application";
import { findingLine } from "../../lib/finding";
import type { Release } from "../../lib/release-file";
import type { Active, Display } from "./display";
import type { LogFile } from "./log-file";
import { stage } from "./stages";

/** What is built, and where the release is written. */
export interface Build {
  /** Folder of the application. */
  readonly app: string;
  readonly output: string;
  readonly compression: string;
  /** Folder of the image store. */
  readonly store: string;
}

/** The build of the images as one stage; nothing is shown where nothing has to be built. */
export class BuildStage {
  private readonly tasks = new Map<string, string>();
  private started = 0;
  private built = 0;

  constructor(
    private readonly display: () => Display,
    private readonly log: LogFile,
  ) {}

  active(): Active[] {
    const [first] = this.tasks;
    if (first === undefined) return [];
    const [name, at] = first;
    const others = this.tasks.size > 1 ? ` (and ${this.tasks.size - 1} more)` : "";
    return [
      {
        title: stage("build").title,
        seconds: this.seconds(),
        detail: `${name}${others}: ${at}`,
      },
    ];
  }

  /**
   * Builds what changed and writes the release.
   *
   * @throws with the last lines of the build that failed
   */
  async run(build: Build): Promise<Release> {
    const { application, findings } = readApplication(resolve(build.app));
    if (application === undefined) throw new Error(findings.map(findingLine).join("\n"));
    const compression = COMPRESSIONS.find((name) => name === build.compression);
    if (compression === undefined) {
      throw new Error(
        `imageCompression is "${build.compression}"; allowed are ${COMPRESSIONS.join(", ")}`,
      );
    }
    try {
      const release = await buildRelease({
        application,
        store: build.store,
        compression,
        progress: { start: (name) => this.begin(name) },
      });
      writeRelease(resolve(build.output), release);
      if (this.built > 0) this.end("done", `release ${release.id}`);
      return release;
    } catch (error) {
      const under = [...this.tasks.keys()].join(" and ");
      this.tasks.clear();
      if (under === "") throw error;
      this.end("failed");
      throw new Error(`while building ${under}:\n${(error as Error).message}`, { cause: error });
    }
  }

  private begin(name: string): Task {
    if (this.started === 0) {
      this.started = performance.now();
      this.display().started(stage("build").title);
    }
    this.tasks.set(name, "");
    this.log.write(`building ${name}`);
    return {
      detail: (line) => {
        if (line.trim() === "") return;
        this.tasks.set(name, line);
        this.log.write(`${name}: ${line}`);
      },
      done: () => {
        this.tasks.delete(name);
        this.built += 1;
      },
    };
  }

  private end(outcome: "done" | "failed", note?: string): void {
    this.display().ended(stage("build").title, this.seconds(), outcome, note);
  }

  private seconds(): number {
    return this.started === 0 ? 0 : (performance.now() - this.started) / 1000;
  }
}

const LAST_LINES = 15;

/** The end of a failed build. BuildKit tells it twice: once as it came, once more below the step that failed. */
export function buildCause(message: string): string[] {
  const [first = "", ...lines] = message.trimEnd().split("\n");
  const step = lines.findLastIndex((line) => line.startsWith(" > ["));
  const told = lines.slice(Math.max(step, 0)).filter((line) => line !== "------");
  return [first, ...told.slice(-LAST_LINES)];
}
