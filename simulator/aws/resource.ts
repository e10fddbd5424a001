import { setTimeout as wait } from "node:timers/promises";
import type { Change } from "../../toolchain/plugins/provider/diff";
import type { Created } from "../../toolchain/plugins/provider/resource-handler";
import type { Properties } from "../../toolchain/plugins/provider/values";
import type { Call, CloudType } from "../core/cloud-type";
import type { Kind } from "../core/state";
import { type AwsAccount, awsAccount } from "./account";
import { AwsError } from "./errors";
import { provider } from "./provider";
import { fields } from "./values";

const RETRY_MS = 250;

/** What is kept of a resource: its outputs as the provider gives them, and what only the cloud knows. */
export interface Stored {
  id: string;
  outputs: Properties;
}

/** A call with the AWS account at hand. */
export type AwsCall = Call & { aws: AwsAccount };

/** What a type does, with what all types share left out. `T` is what is kept of each. */
export interface AwsRules<T extends Stored> extends Omit<
  CloudType,
  "create" | "read" | "update" | "delete"
> {
  kind: Kind<T>;
  /** What the provider calls it, as `EC2 VPC`. */
  noun: string;
  /** Route 53 records and associations have no tags. Default true. */
  tagged?: boolean;
  /** Checks and makes the resource while nobody else changes the state. */
  create: (call: AwsCall, inputs: Properties) => T;
  /** What takes longer: a machine, a database. What it gives is kept. */
  finish?: (call: AwsCall, made: T, inputs: Properties) => Promise<T>;
  /** What the cloud tells of it now; default the outputs that are kept. Undefined: gone. */
  tell?: (call: AwsCall, kept: T) => Properties | undefined | Promise<Properties | undefined>;
  /** Changes what is kept. Left out where every change but that of tags replaces. */
  update?: (call: AwsCall, kept: T, inputs: Properties, olds: Properties) => T | Promise<T>;
  /** The change may last, so it runs without the lock and locks by itself. Default false. */
  updatesSlowly?: boolean;
  /** Refuses the delete, or takes apart what goes with it. */
  delete?: (call: AwsCall, kept: T, state: Properties) => void;
  /** What takes longer, before the resource is forgotten. */
  dismantle?: (call: AwsCall, kept: T, state: Properties) => Promise<void>;
  /** Codes of refusals that pass by themselves, so that the provider tries again. */
  retried?: string[];
}

/** The outputs that all types have. */
export function common(inputs: Properties, isTagged = true): Properties {
  return {
    region: provider().region,
    ...(isTagged ? { tags: inputs["tags"] ?? null, tagsAll: allTags(inputs) } : {}),
  };
}

/** The given tags over the default ones of the provider. */
export function allTags(inputs: Properties): Properties {
  return { ...provider().defaultTags, ...fields(inputs["tags"]) };
}

/** Makes a type out of its rules. */
export function awsType<T extends Stored>(rules: AwsRules<T>): CloudType {
  const { kind, noun, tagged = true, create, tell, update, dismantle, ...rest } = rules;
  const change = update ?? (tagged ? (_call: AwsCall, kept: T) => kept : undefined);
  return {
    ...rest,
    adjust: (changes, news, state) => {
      const adjusted = rules.adjust?.(changes, news, state) ?? changes;
      return tagged ? [...adjusted, ...changedDefaultTags(adjusted, news, state)] : adjusted;
    },
    changing: (inputs) => [...(rules.changing?.(inputs) ?? []), ...(tagged ? ["tagsAll"] : [])],
    create: (call, inputs) =>
      doing(`creating ${noun}`, async () => {
        const full = withAccount(call);
        const made = await call.state.locked(() => {
          const fresh = create(full, inputs);
          call.state.put(kind, fresh.id, fresh);
          return fresh;
        });
        const whole = await finished(full, rules, made, inputs);
        if (whole !== made) call.state.put(kind, whole.id, whole);
        return answer(full, rules, whole);
      }),
    read: async (call) => {
      const kept = call.state.get(kind, call.id);
      if (kept === undefined) return undefined;
      return tell === undefined ? kept.outputs : tell(withAccount(call), kept);
    },
    ...(change === undefined
      ? {}
      : {
          update: (call: Call, inputs: Properties, olds: Properties) =>
            doing(`updating ${noun} (${call.id})`, async () => {
              const full = withAccount(call);
              const apply = async () => {
                const kept = call.state.get(kind, call.id);
                if (kept === undefined) throw new Error(`couldn't find resource ${call.id}`);
                const changed = await change(full, kept, inputs, olds);
                const tags = tagged ? common(inputs) : {};
                // While a slow change ran, others may have changed what only the cloud knows.
                const base = rules.updatesSlowly
                  ? (call.state.get(kind, call.id) ?? kept)
                  : changed;
                const whole = { ...base, outputs: { ...changed.outputs, ...tags } };
                call.state.put(kind, call.id, whole);
                return whole;
              };
              const whole = await (rules.updatesSlowly ? apply() : call.state.locked(apply));
              return (await answer(full, rules, whole)).outputs;
            }),
        }),
    delete: (call, state) =>
      doing(`deleting ${noun} (${call.id})`, async () => {
        const full = withAccount(call);
        const kept = call.state.get(kind, call.id);
        // The provider takes what is gone already as deleted.
        if (kept === undefined) return;
        await retrying(full, rules.retried ?? [], () =>
          call.state.locked(() => {
            rules.delete?.(full, kept, state);
            if (dismantle === undefined) call.state.remove(kind, call.id);
          }),
        );
        if (dismantle === undefined) return;
        await dismantle(full, kept, state);
        call.state.remove(kind, call.id);
      }),
  };
}

/** Looks a resource up by an argument; `refusal` is thrown when there is none. */
export function find<T extends Stored>(
  call: AwsCall,
  kind: Kind<T>,
  id: string,
  refusal: () => Error,
): T {
  const found = call.state.get(kind, id);
  if (found === undefined) throw refusal();
  return found;
}

/** A machine that can't be made here is no resource of the cloud either. */
async function finished<T extends Stored>(
  call: AwsCall,
  { kind, finish }: AwsRules<T>,
  made: T,
  inputs: Properties,
): Promise<T> {
  try {
    return (await finish?.(call, made, inputs)) ?? made;
  } catch (error) {
    call.state.remove(kind, made.id);
    throw error;
  }
}

async function answer<T extends Stored>(
  call: AwsCall,
  rules: AwsRules<T>,
  kept: T,
): Promise<Created> {
  return { id: kept.id, outputs: (await rules.tell?.(call, kept)) ?? kept.outputs };
}

function withAccount(call: Call): AwsCall {
  return { ...call, aws: awsAccount(call.account) };
}

function changedDefaultTags(changes: Change[], news: Properties, state: Properties): Change[] {
  const before = JSON.stringify(Object.entries(fields(state["tagsAll"])).sort());
  const after = JSON.stringify(Object.entries(allTags(news)).sort());
  if (before === after || changes.some(({ property }) => property === "tags")) return [];
  return [{ path: "tagsAll", property: "tagsAll", kind: "update", replaces: false }];
}

async function doing<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AwsError ? error.while(what) : error;
  }
}

async function retrying(call: AwsCall, codes: string[], work: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + call.aws.retrySeconds * 1000;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      const passes = error instanceof AwsError && codes.includes(error.code);
      if (!passes || Date.now() >= deadline || call.signal.aborted) throw error;
    }
    await wait(RETRY_MS);
  }
}
