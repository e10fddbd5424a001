import { parse } from "yaml";

type Mapping = Readonly<Record<string, unknown>>;

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Mapping;
}

interface Job {
  readonly if?: string;
  readonly environment?: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

/** A workflow as its file says. */
export interface Workflow {
  readonly on: Mapping;
  readonly permissions?: Mapping;
  readonly concurrency?: { readonly group?: string; readonly "cancel-in-progress"?: boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const PINNED = /^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/;
const SCRIPT = /^(ci\/[a-z-]+\.sh( open| close)?|make (check|test))$/;
const FORK_GUARD = "github.event.pull_request.head.repo.full_name == github.repository";
const WRITES: Readonly<Record<string, string[]>> = {
  "id-token": ["configure-aws-credentials"],
  "pull-requests": ["ci/comment.sh"],
};

/** What a workflow breaks of the project's rules that neither actionlint nor zizmor knows. */
export function findings(file: string, text: string): string[] {
  const workflow = parse(text) as Workflow;
  const found: string[] = [];
  const say = (what: string): void => void found.push(`${file}: ${what}`);

  if ("pull_request_target" in workflow.on) say("runs on pull_request_target");
  if (Object.keys(workflow.permissions ?? { all: "" }).length > 0) {
    say("its permissions are not {} at the top");
  }
  if (!workflow.concurrency?.group) say("has no concurrency group");
  if (workflow.concurrency?.["cancel-in-progress"] !== false) say("cancels what runs");
  for (const [, uses = ""] of text.matchAll(/uses: (.*)/g)) {
    if (!/^\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses)) {
      say(`"${uses}" is not pinned by a hash with its version`);
    }
  }
  for (const [, secret = ""] of text.matchAll(/(--[a-z-]+[ =]\$\{\{ *secrets[^}]*)/g)) {
    say(`a secret is an argument: ${secret}`);
  }
  for (const [name, job] of Object.entries(workflow.jobs)) {
    for (const finding of jobFindings(workflow, job)) say(`job ${name} ${finding}`);
  }
  return found;
}

function jobFindings(workflow: Workflow, job: Job): string[] {
  const found: string[] = [];
  const text = JSON.stringify(job);
  if (job["timeout-minutes"] === undefined) found.push("has no time limit");
  if (job.permissions === undefined) found.push("says nothing about permissions");
  for (const [scope, right] of Object.entries(job.permissions ?? {})) {
    if (right === "read" && scope === "contents") continue;
    const isNeeded = WRITES[scope]?.some((use) => text.includes(use)) ?? false;
    if (right !== "write" || !isNeeded) found.push(`has ${scope}: ${right}`);
  }
  if (text.includes("secrets.") && job.environment === undefined) {
    found.push("reads secrets outside of an environment");
  }
  const needsGuard = text.includes("secrets.") || text.includes("id-token") || writes(job);
  if ("pull_request" in workflow.on && needsGuard && job.if?.includes(FORK_GUARD) !== true) {
    found.push("runs for forks");
  }
  for (const step of job.steps) found.push(...stepFindings(step));
  const runs = job.steps.map(({ run }) => run);
  if (runs.includes("ci/ssh-rule.sh open")) {
    const last = job.steps.at(-1);
    if (last?.run !== "ci/ssh-rule.sh close" || last.if !== "always()") {
      found.push("does not take the SSH rule away at its end, always()");
    }
  }
  return found;
}

function writes({ permissions = {} }: Job): boolean {
  return Object.values(permissions).includes("write");
}

function stepFindings({ uses, run, with: given }: Step): string[] {
  const found: string[] = [];
  if (uses !== undefined && !PINNED.test(uses)) found.push(`uses ${uses}`);
  if (uses?.startsWith("actions/checkout@") && given?.["persist-credentials"] !== false) {
    found.push("leaves the token in the checkout");
  }
  if (run !== undefined && !SCRIPT.test(run)) found.push(`runs "${run}", which no test runs`);
  return found;
}
