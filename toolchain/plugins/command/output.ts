import { StringDecoder } from "node:string_decoder";
import type { Redactor } from "./redact";

/** How a command ended. */
export type Outcome = { code: number; signal?: never } | { signal: string; code?: never };

/** Which streams are shown while a command runs. */
export type Logging = "stdout" | "stderr" | "stdoutAndStderr" | "none";

const LINES_IN_ERROR = 20;
const CHARACTERS_IN_ERROR = 4000;

/** Keeps a command's output and shows its lines as they come. */
export class OutputCollector {
  private readonly out: StreamLines;
  private readonly err: StreamLines;

  constructor(
    logging: Logging | undefined,
    private readonly redactor: Redactor,
    log: (line: string) => void,
  ) {
    const show = (line: string) => log(redactor.clean(line));
    const shown = (stream: Logging) =>
      logging === undefined || logging === "stdoutAndStderr" || logging === stream;
    this.out = new StreamLines(shown("stdout") ? show : undefined);
    this.err = new StreamLines(shown("stderr") ? show : undefined);
  }

  stdout(chunk: Buffer): void {
    this.out.add(chunk);
  }

  stderr(chunk: Buffer): void {
    this.err.add(chunk);
  }

  /** Both streams as outputs of the resource: without their last newline. */
  finish(): { stdout: string; stderr: string } {
    return { stdout: trimNewline(this.out.end()), stderr: trimNewline(this.err.end()) };
  }

  /** The end of what the command said, for an error; secrets are taken out. */
  lastLines(): string {
    const { stdout, stderr } = this.finish();
    const [name, text] = stderr.trim() === "" ? ["stdout", stdout] : ["stderr", stderr];
    if (text.trim() === "") return "It wrote nothing.";
    const clean = this.redactor.clean(text);
    const lines = clean.split("\n").slice(-LINES_IN_ERROR).join("\n").slice(-CHARACTERS_IN_ERROR);
    return `Last lines of ${name}:\n${lines}`;
  }
}

/** Says that a command did not end well; throws. */
export function assertSuccess(outcome: Outcome, what: string, output: OutputCollector): void {
  if (outcome.code === 0) return;
  const status =
    outcome.code === undefined
      ? `was ended by signal ${outcome.signal}`
      : `exit status ${outcome.code}`;
  throw new Error(`${status}: ${what}. ${output.lastLines()}`);
}

function trimNewline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

/** One stream: its whole text, and each line once it is complete. */
class StreamLines {
  private text = "";
  private shownUpTo = 0;
  private readonly decoder = new StringDecoder("utf8");

  constructor(private readonly show: ((line: string) => void) | undefined) {}

  add(chunk: Buffer): void {
    this.text += this.decoder.write(chunk);
    for (;;) {
      const end = this.text.indexOf("\n", this.shownUpTo);
      if (end < 0) return;
      this.show?.(this.text.slice(this.shownUpTo, end).replace(/\r$/, ""));
      this.shownUpTo = end + 1;
    }
  }

  end(): string {
    this.text += this.decoder.end();
    if (this.shownUpTo < this.text.length) this.show?.(this.text.slice(this.shownUpTo));
    this.shownUpTo = this.text.length;
    return this.text;
  }
}
