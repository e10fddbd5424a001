import { homedir } from "node:os";
import { stripVTControlCharacters, styleText } from "node:util";

/** A stage that is under way. */
export interface Active {
  readonly title: string;
  readonly seconds: number;
  /** What is waited for. */
  readonly detail: string;
}

/** How a stage ended. */
export type Outcome = "done" | "failed" | "stopped";

/** Where a person sees how far it is. */
export interface Display {
  started(title: string): void;
  ended(title: string, seconds: number, outcome: Outcome, note?: string): void;
  /** A line that stays. */
  say(line: string): void;
  /** Takes away what does not stay. */
  close(): void;
}

/** Where text goes to: a terminal or not. */
export type Target = Pick<NodeJS.WriteStream, "isTTY">;

type Style = Parameters<typeof styleText>[0];

/** Puts styles on a text where the stream is a terminal and NO_COLOR is not set. */
export function paint(stream: Target, style: Style, text: string): string {
  const plain = !stream.isTTY || (process.env.NO_COLOR ?? "") !== "";
  return plain ? text : styleText(style, text, { validateStream: false });
}

/** Seconds as people read them: 4.1 s, 75 s. */
export function renderSeconds(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

/** One line without control characters, cut to a width. */
export function oneLine(text: string, width: number): string {
  const line = stripVTControlCharacters(text).replace(/\s+/g, " ").trim();
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

/** A path as people write it: the home folder as ~. */
export function shortPath(path: string): string {
  const home = `${homedir()}/`;
  return path.startsWith(home) ? `~/${path.slice(home.length)}` : path;
}

const MARKS: Readonly<Record<Outcome, [mark: string, style: Style]>> = {
  done: ["✓", "green"],
  failed: ["✗", "red"],
  stopped: ["-", "yellow"],
};

const TITLE_WIDTH = 14;

/** Title and time of a stage, in columns. */
export function renderStage(title: string, seconds: number): string {
  return `${title.padEnd(TITLE_WIDTH)} ${renderSeconds(seconds).padStart(7)}`;
}

/** The line of a stage that ended. */
export function renderEnded(
  stream: Target,
  title: string,
  seconds: number,
  outcome: Outcome,
  note = "",
): string {
  const [mark, style] = MARKS[outcome];
  const line = `  ${paint(stream, style, mark)} ${renderStage(title, seconds)}`;
  return note === "" ? line : `${line}  ${paint(stream, "dim", note)}`;
}

const HEARTBEAT_SECONDS = 30;

/** Lines for a log: one at the start and one at the end of a stage, and one every 30 s in between. */
export class PlainDisplay implements Display {
  private readonly timer: NodeJS.Timeout;

  /** @param active what is under way, asked every 30 s */
  constructor(
    private readonly stream: NodeJS.WriteStream,
    active: () => readonly Active[],
  ) {
    this.timer = setInterval(() => {
      for (const { title, seconds, detail } of active()) {
        if (seconds >= HEARTBEAT_SECONDS) {
          this.say(`  … ${title}: ${oneLine(detail, 90)}… ${renderSeconds(seconds)}`);
        }
      }
    }, HEARTBEAT_SECONDS * 1000);
    this.timer.unref();
  }

  started(title: string): void {
    this.say(`  > ${title}`);
  }

  ended(title: string, seconds: number, outcome: Outcome, note?: string): void {
    this.say(renderEnded(this.stream, title, seconds, outcome, note));
  }

  say(line: string): void {
    this.stream.write(`${line}\n`);
  }

  close(): void {
    clearInterval(this.timer);
  }
}
