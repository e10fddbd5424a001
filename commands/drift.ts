/**
 * Reports what a preview with refresh found, in Markdown on stdout.
 *
 *   PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --refresh --json | node --import tsx commands/drift.ts STACK CHECKS
 *
 * CHECKS: how the checks on the server ended: passed, failed, left-out. Names of resources and properties are printed,
 * values never. Exit codes: 0 nothing differs, 1 stdin is no preview, 8 something differs.
 */
import { readFileSync } from "node:fs";

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly old?: object | null;
  readonly new?: object | null;
  readonly diffs?: readonly string[] | null;
}

/** One line of a preview that is given as a stream of JSON. */
export interface PreviewEvent {
  readonly resOutputsEvent?: { readonly metadata: Step };
  readonly summaryEvent?: object;
}

/** How the checks on the server ended. */
export type Checks = "passed" | "failed" | "left-out";

const CHECK_LINES: Readonly<Record<Checks, string>> = {
  passed: "The checks of the running release passed.",
  failed: "**The checks of the running release failed**; see `make checks`.",
  "left-out": "The checks of the running release were left out.",
};

// Parts of a `replace`, which is a step itself, and steps that change nothing.
const UNTOLD = ["same", "read", "refresh", "create-replacement", "delete-replaced"];

/**
 * Reads a preview's events.
 *
 * @throws when the text is no such stream, or one that broke off.
 */
export function parsePreview(text: string): PreviewEvent[] {
  const lines = text.split("\n").filter((line) => line.startsWith("{"));
  const events = lines.map((line) => JSON.parse(line) as PreviewEvent);
  if (!events.some(({ summaryEvent }) => summaryEvent !== undefined)) {
    throw new Error("it has no summary, so it did not come to its end");
  }
  return events;
}

/** Lines, each on one resource that is no longer as the state has it. */
export function changedOutside(events: readonly PreviewEvent[]): string[] {
  return steps(events)
    .filter(({ op }) => op === "refresh")
    .flatMap(({ urn, old, new: now, diffs }) => {
      if (old && !now) return [`${label(urn)} is gone`];
      return diffs && diffs.length > 0 ? [`${label(urn)} is another: ${diffs.join(", ")}`] : [];
    });
}

/** Lines, each on one resource that the tree would change. */
export function wouldChange(events: readonly PreviewEvent[]): string[] {
  return steps(events)
    .filter(({ op }) => !UNTOLD.includes(op))
    .map(({ op, urn, diffs }) => {
      const reasons = diffs && diffs.length > 0 ? ` (${diffs.join(", ")})` : "";
      return `${op} ${label(urn)}${reasons}`;
    });
}

/** Renders the report; the second value tells whether anything differs. */
export function renderDrift(
  stack: string,
  events: readonly PreviewEvent[],
  checks: Checks,
): [string, boolean] {
  const outside = changedOutside(events);
  const planned = wouldChange(events);
  const differs = outside.length > 0 || planned.length > 0 || checks === "failed";
  const text = [
    `### Drift of stack \`${stack}\`: ${differs ? "something differs" : "none"}`,
    "",
    ...section("Changed outside of berth", outside),
    ...section("`make up` would", planned),
    CHECK_LINES[checks],
    "",
  ];
  return [text.join("\n"), differs];
}

function steps(events: readonly PreviewEvent[]): Step[] {
  return events.flatMap(({ resOutputsEvent: event }) => (event ? [event.metadata] : []));
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, "", ...lines.map((line) => `- ${line}`), ""];
}

function label(urn: string): string {
  const [type = "", name = ""] = urn.split("::").slice(-2);
  return `\`${name}\` (${type.split("$").at(-1) ?? ""})`;
}

if (require.main === module) {
  const [stack = "", checks = "left-out"] = process.argv.slice(2);
  try {
    const events = parsePreview(readFileSync(0, "utf8"));
    const [text, differs] = renderDrift(stack, events, checks as Checks);
    process.stdout.write(text);
    process.exitCode = differs ? 8 : 0;
  } catch (error) {
    process.stderr.write(`error: no preview was read: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
