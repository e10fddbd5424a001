import { setMaxListeners } from "node:events";
import type { Check, Context, Finding } from "./check";
import { CredentialsRefused, NotAllowed } from "./cloud/errors";

const BOUND_SECONDS = 10;
const LEAST_SECONDS = 3;

/**
 * Seconds that all checks together may take, as they run side by side.
 *
 * @throws what is wrong with BERTH_PREFLIGHT_SECONDS
 */
export function boundSeconds(env: Context["env"]): number {
  const given = env["BERTH_PREFLIGHT_SECONDS"] ?? "";
  if (given === "") return BOUND_SECONDS;
  if (!/^[0-9]{1,5}$/.test(given) || Number(given) < LEAST_SECONDS) {
    throw new Error(
      `BERTH_PREFLIGHT_SECONDS: "${given}" is no bound; allowed are whole seconds from ${LEAST_SECONDS} to 99999`,
    );
  }
  return Number(given);
}

/** Makes what ends everything that the checks wait for, when their time is over. */
export function bound(milliseconds: number): AbortSignal {
  const signal = AbortSignal.timeout(milliseconds);
  // Each request listens to it.
  setMaxListeners(0, signal);
  return signal;
}

/** What is looked at later on, but is left out in the same way: the wait for the names before the certificate. */
const LATER = ["dns"];

/** What the checks found. */
export interface Report {
  /** One line each, as it is printed. */
  readonly findings: readonly string[];
  /** How many checks looked. */
  readonly looked: number;
}

interface Outcome {
  readonly check: Check;
  readonly findings: readonly Finding[];
  /** Why the check could not look. */
  readonly failure?: Error;
}

/** Runs the checks of the settings' target that are not skipped, side by side; nothing ends the others. */
export async function runChecks(checks: readonly Check[], context: Context): Promise<Report> {
  const { target, skip } = context.settings;
  const chosen = checks.filter(
    ({ name, targets }) => targets.includes(target) && !skip.includes(name),
  );
  const outcomes = await Promise.all(chosen.map((check) => look(check, context)));
  const cause = outcomes.some(
    ({ check, findings }) => findings.length > 0 && ["credentials", "region"].includes(check.name),
  );
  return {
    findings: [
      ...unknownSkips(checks, skip),
      ...outcomes.flatMap((outcome) => lines(outcome, cause)),
    ],
    looked: chosen.length,
  };
}

async function look(check: Check, context: Context): Promise<Outcome> {
  const late = new Promise<never>((_resolve, reject) => {
    const stop = () => {
      reject(new Error(`no answer within ${boundSeconds(context.env)} s`));
    };
    if (context.signal.aborted) stop();
    context.signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return { check, findings: await Promise.race([check.run(context), late]) };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    return { check, findings: [], failure };
  }
}

/** @param cause credentials or region are wrong: reason enough why others could not look */
function lines({ check, findings, failure }: Outcome, cause: boolean): string[] {
  const told = findings.map((finding) => line(check.name, finding));
  if (failure === undefined || cause) return told;
  return [...told, line(check.name, explain(failure))];
}

function explain(failure: Error): Finding {
  if (failure instanceof CredentialsRefused) {
    return {
      problem: `could not look: the cloud refuses the credentials (${failure.message})`,
      next: "correct them",
    };
  }
  if (failure instanceof NotAllowed) {
    return {
      problem: `could not look: the credentials may not do this (${failure.message})`,
      next: "allow it to them",
    };
  }
  return { problem: `could not look: ${failure.message}`, next: "run it again when it answers" };
}

function line(name: string, { problem, next }: Finding): string {
  return `${name}: ${problem}; ${next}; skip it with skipPreflight: [${name}]`;
}

function unknownSkips(checks: readonly Check[], skip: readonly string[]): string[] {
  const names = [...checks.map(({ name }) => name), ...LATER];
  return skip
    .filter((name) => !names.includes(name))
    .map((name) => `skipPreflight: there is no check "${name}"; allowed are ${names.join(", ")}`);
}
