import { setTimeout as pause } from "node:timers/promises";

const STALE_HOURS = 6;
const POLL_SECONDS = 5;

/** A rule that lets a runner in. */
export interface RunnerRule {
  readonly id: string;
  /** Name with the run's id, `berth-<stack>-runner-<run>`. */
  readonly name: string;
  readonly made: Date;
}

/** Rules for runners in one cloud, for one stack. */
export interface Rules {
  /** Start of the names of this stack's rules. */
  readonly prefix: string;
  /** Whether there is something that a rule can be for. */
  readonly isReady: () => Promise<boolean>;
  readonly list: () => Promise<readonly RunnerRule[]>;
  /** Opens port 22 for one address; done when it counts. */
  readonly open: (name: string, address: string) => Promise<void>;
  /** Removes a rule; one that is gone is fine. */
  readonly close: (rule: RunnerRule) => Promise<void>;
}

/** What {@link openOwn} did. */
export interface Opened {
  /** Name of the rule; undefined when there is nothing to open yet. */
  readonly opened?: string;
  /** Names of old rules that are gone now. */
  readonly removed: readonly string[];
}

/**
 * Opens SSH for this run. Rules of the same run go first (its runner may have another address now), and so do those
 * that runs before left for more than six hours.
 *
 * @param waitSeconds how long to wait until there is a server to open
 */
export async function openOwn(
  rules: Rules,
  runId: string,
  address: string,
  waitSeconds: number,
  now = new Date(),
): Promise<Opened> {
  const deadline = now.getTime() + waitSeconds * 1000;
  while (!(await rules.isReady())) {
    if (Date.now() >= deadline) return { removed: [] };
    await pause(Math.min(POLL_SECONDS * 1000, Math.max(100, deadline - Date.now())));
  }
  const name = `${rules.prefix}${runId}`;
  const oldest = now.getTime() - STALE_HOURS * 3600 * 1000;
  const dead = (await ours(rules)).filter(
    (rule) => rule.name === name || rule.made.getTime() < oldest,
  );
  for (const rule of dead) await rules.close(rule);
  await rules.open(name, address);
  return { opened: name, removed: dead.map((rule) => rule.name) };
}

/** Removes the rules of this run; gives back their names, none when they are gone already. */
export async function closeOwn(rules: Rules, runId: string): Promise<readonly string[]> {
  const own = (await ours(rules)).filter(({ name }) => name === `${rules.prefix}${runId}`);
  for (const rule of own) await rules.close(rule);
  return own.map(({ name }) => name);
}

/** Rules whose names are the prefix and a run's id, and nothing more. */
async function ours(rules: Rules): Promise<readonly RunnerRule[]> {
  return (await rules.list()).filter(
    ({ name }) =>
      name.startsWith(rules.prefix) && /^[A-Za-z0-9]+$/.test(name.slice(rules.prefix.length)),
  );
}
