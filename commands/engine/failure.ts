import { stripVTControlCharacters } from "node:util";
import { advise, type Advice } from "./advice";
import { paint, shortPath, type Target } from "./display";
import type { Failure } from "./tracker";

const LAST_LINES = 24;
// What was found beforehand is shown whole: it is a list of things to put right.
const WHOLE = ["preflight"];

/** A failed command, as a person is told of it. */
export interface FailedCommand {
  readonly stack: string;
  readonly target: string;
  /** The command to repeat: up, destroy. */
  readonly action: string;
  readonly failures: readonly Failure[];
  /** Mandatory policies that were broken. */
  readonly policies: readonly string[];
  /** What the engine itself printed on stderr. */
  readonly stderr: string;
  readonly logFile: string;
}

/** Renders the end of a failed command: the stage, the last lines of the cause, what is kept, what comes next. */
export function renderFailure(stream: Target, failed: FailedCommand): string {
  const [first] = causes(failed.failures);
  const lines = causeLines(failed);
  const advice = advise({
    ...failed,
    stage: first?.stage?.key ?? "",
    cause: [...lines, ...failed.failures.map(({ message }) => message)].join("\n"),
    kept: first?.stage?.kept ?? "what is there; what was done stays done",
  });
  return renderEnd(
    stream,
    first?.stage === undefined
      ? `make ${failed.action} failed`
      : `make ${failed.action} failed at: ${first.stage.title}`,
    lines,
    advice,
    failed.logFile,
  );
}

/** Renders headline, cause, what is kept, what comes next, and where all that was printed is. */
export function renderEnd(
  stream: Target,
  headline: string,
  cause: readonly string[],
  { kept, next }: Advice,
  logFile: string,
): string {
  const label = (text: string): string => paint(stream, "bold", text.padEnd(6));
  return [
    "",
    paint(stream, ["red", "bold"], headline),
    ...cause.map((line) => `  | ${stripVTControlCharacters(line)}`.trimEnd()),
    `${label("Kept:")} ${kept}`,
    `${label("Next:")} ${next}`,
    ...(logFile === "" ? [] : [`${label("Log:")} ${shortPath(logFile)}`]),
    "",
  ].join("\n");
}

/** The engine's own closing words say nothing where a resource failed. */
function causes(failures: readonly Failure[]): readonly Failure[] {
  return failures.filter(({ message }) => !/^(update|destroy|preview) failed\b/.test(message));
}

function causeLines({ failures, policies, stderr }: FailedCommand): string[] {
  const lines = causes(failures).flatMap((failure, index) => {
    const own = linesOf(failure);
    const isNamed = own[0] === `${failure.resource}:`;
    return index === 0 ? own : ["", ...(isNamed ? [] : [`${failure.resource}:`]), ...own];
  });
  // Without a resource that failed, what broke a policy or what the engine printed is the cause.
  const found = [...lines, ...policies];
  if (found.length > 0) return found;
  const printed =
    stderr.trim() === "" ? failures.map(({ message }) => message) : [stderr.trimEnd()];
  return lastLines(printed.join("\n").split("\n"));
}

function linesOf({ stage, resource, lines, message }: Failure): string[] {
  const said = lines.length > 0 ? lines : message.split("\n");
  const all = lines.length > 0 && !hasReason(lines) ? [...lines, firstLine(message)] : said;
  const isWhole = resource === "" || WHOLE.includes(stage?.key ?? "");
  const shown = isWhole ? [...all] : lastLines(all);
  // What a provider says need not name the resource.
  return lines.length > 0 || resource === "" ? shown : [`${resource}:`, ...shown];
}

/** Host scripts end with the reason; where a step was cut off, only the engine knows it. */
function hasReason(lines: readonly string[]): boolean {
  return lines.some((line) => /^ *(error|FAIL|not ok)\b/i.test(line));
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}

function lastLines(lines: readonly string[]): string[] {
  return lines.slice(-LAST_LINES);
}
