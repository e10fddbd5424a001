import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { ResourceHandler } from "../provider/resource-handler";
import type { Properties } from "../provider/values";
import { shuffle } from "./characters";

/** `RandomBytes`: secret bytes. */
export const randomBytesResource: ResourceHandler = {
  check: (inputs) => atLeastOne(inputs, "length"),
  create(_operation, inputs) {
    const bytes = randomBytes(inputs["length"] as number);
    return made("none", { base64: bytes.toString("base64"), hex: bytes.toString("hex") });
  },
};

/** `RandomId`: bytes in several spellings, each with the prefix before it. */
export const randomId: ResourceHandler = {
  check: (inputs) => atLeastOne(inputs, "byteLength"),
  create(_operation, inputs) {
    const bytes = randomBytes(inputs["byteLength"] as number);
    const prefix = (inputs["prefix"] as string | undefined) ?? "";
    const hex = bytes.toString("hex");
    return made(bytes.toString("base64url"), {
      b64Std: prefix + bytes.toString("base64"),
      b64Url: prefix + bytes.toString("base64url"),
      dec: prefix + BigInt(`0x${hex}`).toString(),
      hex: prefix + hex,
    });
  },
};

/** `RandomInteger`: a whole number from `min` to `max`, both included. */
export const randomInteger: ResourceHandler = {
  check(inputs) {
    const { min, max } = inputs as { min?: number; max?: number };
    const isWrong = min !== undefined && max !== undefined && min > max;
    const failures = noSeed(inputs);
    return isWrong ? ['"max" must be "min" or more', ...failures] : failures;
  },
  create(_operation, inputs) {
    const result = randomInt(inputs["min"] as number, (inputs["max"] as number) + 1);
    return made(String(result), { result });
  },
};

/** `RandomShuffle`: the inputs in another order, as often over as `resultCount` asks. */
export const randomShuffle: ResourceHandler = {
  check: noSeed,
  create(_operation, inputs) {
    const items = inputs["inputs"] as string[];
    const count = (inputs["resultCount"] as number | undefined) ?? items.length;
    const results: string[] = [];
    while (items.length > 0 && results.length < count) results.push(...shuffle(items));
    return made("-", { results: results.slice(0, count) });
  },
};

/** `RandomUuid` and `RandomUuid4`: a random UUID (version 4). */
export const randomUuid: ResourceHandler = {
  create() {
    const result = randomUUID();
    return made(result, { result });
  },
};

const MILLISECONDS_BYTES = 6;

/** `RandomUuid7`: a UUID that begins with the time (version 7). */
export const randomUuid7: ResourceHandler = {
  create() {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(Date.now(), 0, MILLISECONDS_BYTES);
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = bytes.toString("hex");
    const cuts = [0, 8, 12, 16, 20, 32];
    const result = cuts
      .slice(1)
      .map((end, index) => hex.slice(cuts[index], end))
      .join("-");
    return made(result, { result });
  },
};

function made(id: string, outputs: Properties) {
  return Promise.resolve({ id, outputs });
}

function atLeastOne(inputs: Properties, name: string) {
  const value = inputs[name];
  return typeof value === "number" && value < 1 ? [`"${name}" must be 1 or more`] : [];
}

/** The official plugin's sequence for a seed cannot be had here, and another one would mislead. */
function noSeed(inputs: Properties) {
  return inputs["seed"] === undefined
    ? []
    : ['the stand-in plugin cannot follow a "seed"; leave it out'];
}
