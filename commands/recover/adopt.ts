/**
 * After a killed `up`: gives what the cloud made, but the state does not know, its place in the state.
 *
 *   pulumi stack export | node --import tsx commands/recover/adopt.ts >state.json
 *
 * Each create whose end the state does not know is looked for in the cloud by its name. Found once, it enters the state
 * with its id; not found, it is forgotten and made again by the next `up`. Nothing is removed in the cloud, so no data
 * can be lost. What was done is on stderr.
 *
 * Exit codes: 0 done, 1 stdin is no exported state, 5 a person has to decide (says what; stdout is empty).
 */
import { readFileSync } from "node:fs";
import { parseState, type PendingOperation, type State } from "../state-file";
import { aws } from "./aws";
import { digitalocean } from "./digitalocean";
import type { Lookup } from "./lookup";

/** What becomes of one pending create. */
export interface Decision {
  readonly operation: PendingOperation;
  /** Id to enter the state with; undefined = forgotten. */
  readonly id?: string;
  /** What a person reads. */
  readonly line: string;
  /** Nothing of it is in the cloud, at least not yet. */
  readonly isMissing?: boolean;
  /** A person has to act before the state can be changed. */
  readonly isBlocked?: boolean;
}

const LOOK_AGAIN_MS = 2000;

/**
 * Decides what becomes of each create whose end the state does not know.
 *
 * @param looks how often what is not found is looked for, 2 s apart: a plugin outlives its killed CLI for a moment, and
 *   a cloud's lists lag behind; default 1
 */
export async function decide(
  state: State,
  lookups: readonly Lookup[],
  looks = 1,
): Promise<Decision[]> {
  const known = new Set(state.resources.map(({ type, id }) => `${type} ${id ?? ""}`));
  const recorded = new Set(
    state.resources.filter((resource) => resource.delete !== true).map(({ urn }) => urn),
  );
  // A create may be noted more than once, where one `up` after the other was killed at it.
  const creates = new Map(
    state.pending
      .filter(({ type }) => type === "creating")
      .map((operation) => [operation.resource.urn, operation]),
  );
  return Promise.all(
    [...creates.values()]
      .filter(({ resource }) => !recorded.has(resource.urn))
      .map(async (operation) => {
        let decision = await decideOne(operation, known, lookups);
        for (let look = 1; look < looks && decision.isMissing === true; look += 1) {
          await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
          decision = await decideOne(operation, known, lookups);
        }
        return decision;
      }),
  );
}

async function decideOne(
  operation: PendingOperation,
  known: ReadonlySet<string>,
  lookups: readonly Lookup[],
): Promise<Decision> {
  const { type, urn, inputs = {} } = operation.resource;
  const name = `${type} ${urn.split("::").at(-1) ?? ""}`;
  const lookup = lookups.find(({ knows }) => knows(type));
  if (lookup === undefined) {
    return { operation, line: `${name}: forgotten, the next up makes it again` };
  }
  let found;
  try {
    found = (await lookup.find(type, inputs)).filter(({ id }) => !known.has(`${type} ${id}`));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const line = `${name}: could not be looked for: ${reason}; put that right, then run make recover again`;
    return { operation, line, isBlocked: true };
  }
  const ids = found.map(({ id }) => id).join(", ");
  if (found.some(({ isCertain }) => isCertain === false)) {
    return {
      operation,
      line: `${name}: forgotten, the next up makes another; ${ids} may be what was made, nothing tells whose it is: if nobody needs it, release it in the cloud's console`,
    };
  }
  const [only, ...others] = found;
  if (others.length > 0) {
    const line = `${name}: the cloud has several of that name: ${ids}; remove those that are not needed in the cloud's console, then run make recover again`;
    return { operation, line, isBlocked: true };
  }
  return only === undefined
    ? { operation, line: `${name}: was not made, the next up makes it`, isMissing: true }
    : { operation, id: only.id, line: `${name}: was made (${only.id}), and is in the state now` };
}

/** The exported state's text with the decisions carried out. */
export function adoptInto(text: string, decisions: readonly Decision[]): string {
  const exported = JSON.parse(text) as {
    deployment: { resources?: object[]; pending_operations?: PendingOperation[] };
  };
  const { deployment } = exported;
  const adopted = decisions
    .filter(({ id }) => id !== undefined)
    // The refresh that follows reads the rest of the outputs.
    .map(({ operation: { resource }, id }) => ({ ...resource, id, outputs: resource.inputs }));
  deployment.resources = [...(deployment.resources ?? []), ...adopted];
  deployment.pending_operations = (deployment.pending_operations ?? []).filter(
    ({ type }) => type !== "creating",
  );
  return JSON.stringify(exported);
}

async function main(): Promise<void> {
  const text = readFileSync(0, "utf8");
  const decisions = await decide(parseState(text), [digitalocean, aws], 4);
  for (const { line } of decisions) process.stderr.write(`  ${line}\n`);
  if (decisions.some(({ isBlocked }) => isBlocked === true)) process.exitCode = 5;
  else process.stdout.write(adoptInto(text, decisions));
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
