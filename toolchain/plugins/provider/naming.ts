import { createHash, randomBytes } from "node:crypto";
import type { ResourceHandler } from "./resource-handler";
import type { Properties, Value } from "./values";

const SUFFIX_DIGITS = 7;
/** Input that lists the arguments which were filled in rather than given. */
export const DEFAULTS = "__defaults";

/**
 * Fills in the name of an auto-named resource: the recorded one, or a new one when the engine asks without a record,
 * as it does for a replacement.
 */
export function fillName(
  handler: ResourceHandler,
  resource: string,
  inputs: Properties,
  olds: Properties,
  seed: Uint8Array,
): Properties {
  const argument = handler.autoName;
  if (argument === undefined) return inputs;
  if (inputs[argument] !== undefined) return { ...inputs, [DEFAULTS]: [] };
  const recorded = isFilledIn(olds, argument) ? olds[argument] : undefined;
  const name: Value = recorded ?? `${resource}-${suffix(seed)}`;
  return { ...inputs, [argument]: name, [DEFAULTS]: [argument] };
}

/** True when the argument was filled in and not given by the program. */
export function isFilledIn(inputs: Properties, argument: string): boolean {
  const filled = inputs[DEFAULTS];
  return Array.isArray(filled) && filled.includes(argument);
}

function suffix(seed: Uint8Array): string {
  const bytes = seed.length > 0 ? createHash("sha256").update(seed).digest() : randomBytes(8);
  return bytes.toString("hex").slice(0, SUFFIX_DIGITS);
}
