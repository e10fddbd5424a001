import { randomInt } from "node:crypto";
import type { Properties } from "../provider/values";

/** Arguments that passwords and strings share, with the defaults filled in. */
export interface CharacterRules {
  length: number;
  lower: boolean;
  upper: boolean;
  numeric: boolean;
  special: boolean;
  minLower: number;
  minUpper: number;
  minNumeric: number;
  minSpecial: number;
  overrideSpecial?: string;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** Reads checked arguments; `number` is the old name of `numeric`. */
export function readRules(inputs: Properties): CharacterRules {
  const given = inputs as unknown as Partial<CharacterRules> & { number?: boolean };
  return {
    length: given.length ?? 0,
    lower: given.lower ?? true,
    upper: given.upper ?? true,
    numeric: given.numeric ?? given.number ?? true,
    special: given.special ?? true,
    minLower: given.minLower ?? 0,
    minUpper: given.minUpper ?? 0,
    minNumeric: given.minNumeric ?? 0,
    minSpecial: given.minSpecial ?? 0,
    ...(given.overrideSpecial === undefined ? {} : { overrideSpecial: given.overrideSpecial }),
  };
}

/** Rules as outputs of the resource. */
export function rulesAsOutputs(rules: CharacterRules): Properties {
  return { ...rules, number: rules.numeric };
}

/** What is wrong with the rules as a whole. */
export function checkRules(inputs: Properties): string[] {
  const rules = readRules(inputs);
  const failures: string[] = [];
  const minimums = ["minLower", "minUpper", "minNumeric", "minSpecial"] as const;
  for (const name of minimums) {
    if (rules[name] < 0) failures.push(`"${name}" must be 0 or more`);
  }
  const sum = minimums.reduce((total, name) => total + rules[name], 0);
  if (inputs["length"] !== undefined && rules.length < Math.max(1, sum)) {
    const reason = `"length" must be at least 1 and at least the sum of the minimums, ${sum}`;
    failures.push(reason);
  }
  if (inputs["numeric"] !== undefined && inputs["number"] !== undefined) {
    if (inputs["numeric"] !== inputs["number"]) {
      failures.push('"number" contradicts "numeric"; use the latter');
    }
  }
  if (alphabet(rules) === "") {
    const reason = 'one of "lower", "upper", "numeric", "special" must be true';
    failures.push(reason);
  }
  return failures;
}

/** Draws a text that obeys the rules from the system's cryptographic source. */
export function drawText(rules: CharacterRules): string {
  const drawn = [
    ...draw(rules.minLower, LOWER),
    ...draw(rules.minUpper, UPPER),
    ...draw(rules.minNumeric, DIGITS),
    ...draw(rules.minSpecial, specials(rules)),
  ];
  drawn.push(...draw(rules.length - drawn.length, alphabet(rules)));
  return shuffle(drawn).join("");
}

/** Puts items into an order in which each is equally likely. */
export function shuffle<Item>(items: Item[]): Item[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const pick = randomInt(last + 1);
    [order[last], order[pick]] = [order[pick] as Item, order[last] as Item];
  }
  return order;
}

function draw(count: number, from: string): string[] {
  return Array.from({ length: count }, () => from.charAt(randomInt(from.length)));
}

function specials(rules: CharacterRules): string {
  return rules.overrideSpecial === undefined || rules.overrideSpecial === ""
    ? SPECIAL
    : rules.overrideSpecial;
}

function alphabet(rules: CharacterRules): string {
  return [
    rules.lower ? LOWER : "",
    rules.upper ? UPPER : "",
    rules.numeric ? DIGITS : "",
    rules.special ? specials(rules) : "",
  ].join("");
}
