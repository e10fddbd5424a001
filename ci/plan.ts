/**
 * Renders what `pulumi preview` printed as Markdown for a comment.
 *
 *   node --import tsx ci/plan.ts STACK EXIT_CODE <what-was-printed
 */
import { readFileSync } from "node:fs";

/** Most characters of a rendered plan; GitHub takes 65536 in a comment. */
export const PLAN_LIMIT = 60_000;

const FENCE = "~~~~~~";
const CUT = "\n[... the plan is longer than a comment may be; the whole of it is in the job's log]";

/** The line by which the comment of a stack is found again. */
export function marker(stack: string): string {
  return `<!-- berth: plan of ${stack} -->`;
}

/** Renders a plan, cut to {@link PLAN_LIMIT}. */
export function renderPlan(stack: string, code: number, printed: string): string {
  // A fence within the plan would end ours.
  const plan = printed.replaceAll("~~~", "~ ~ ~").trim();
  const head = [
    marker(stack),
    `### Plan of stack \`${stack}\`: ${code === 0 ? counts(plan) : "the preview failed"}`,
    "",
    "<details><summary>What would change</summary>",
    "",
    `${FENCE}diff`,
    "",
  ].join("\n");
  const tail = `\n${FENCE}\n\n</details>\n`;
  const room = PLAN_LIMIT - head.length - tail.length;
  // What went wrong is at the end, what is planned at the beginning.
  const shown =
    plan.length <= room
      ? plan
      : code === 0
        ? plan.slice(0, room - CUT.length) + CUT
        : CUT.trim() + plan.slice(-(room - CUT.length));
  return head + shown + tail;
}

function counts(plan: string): string {
  const lines = /^Resources:\n((?: {4}.*\n?)+)/m.exec(plan)?.[1]?.trim().split(/\n\s*/) ?? [];
  const changes = lines.filter((line) => !line.endsWith("unchanged"));
  return changes.length === 0 ? "no changes" : changes.join(", ");
}

if (require.main === module) {
  const [stack = "", code = "0"] = process.argv.slice(2);
  process.stdout.write(renderPlan(stack, Number(code), readFileSync(0, "utf8")));
}
