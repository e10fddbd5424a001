import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { renderSummary, type Outputs } from "../summary";
import { renderSeconds, shortPath } from "./display";
import type { Tracker } from "./tracker";

/** A command that went well. */
export interface Result {
  readonly stack: string;
  readonly target: string;
  readonly tracker: Pick<Tracker, "counts" | "outputs">;
  readonly seconds: number;
  /** Where the root of a test certificate authority is kept; empty for nowhere. */
  readonly rootFile: string;
}

/** Says what runs: in full after a change, in two lines without one. Keeps the authority's root beside it. */
export function renderResult({ stack, target, tracker, seconds, rootFile }: Result): string {
  const outputs = tracker.outputs as Outputs | undefined;
  const { changed, same } = tracker.counts;
  if (outputs?.urls === undefined) return `\nDone in ${renderSeconds(seconds)}.\n`;
  keepRoot(rootFile, outputs.certificateRoot);
  if (changed > 0) {
    const summary = renderSummary(stack, target, outputs, shortPath(rootFile));
    return `\n${summary}\nDone in ${renderSeconds(seconds)}.\n`;
  }
  const [first = ""] = [outputs.urls.main, ...Object.values(outputs.urls)].filter(Boolean);
  return (
    `  ✓ nothing to change: stack ${stack} runs release ${outputs.release} (${same} resources, ${renderSeconds(seconds)})\n` +
    `    ${first}   more: make status STACK=${stack}\n`
  );
}

function keepRoot(file: string, root: string): void {
  if (file === "") return;
  if (root === "") rmSync(file, { force: true });
  else {
    if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, root);
  }
}
