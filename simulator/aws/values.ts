import { isObject, type Properties, type Value } from "../../toolchain/plugins/provider/values";

/** A text argument; "" where it is not given. */
export function text(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A number argument; undefined where it is not given. */
export function number(value: Value | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** A list of texts; empty where it is not given. */
export function texts(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

/** An object argument; empty where it is not given. */
export function fields(value: Value | undefined): Properties {
  return isObject(value) ? value : {};
}

/** True where an argument is given. */
export function isGiven(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** Names of the arguments of a list that are given. */
export function given(inputs: Properties, names: readonly string[]): string[] {
  return names.filter((name) => isGiven(inputs[name]));
}

/** A complaint unless exactly one of the arguments is given; one that a preview does not know yet is given. */
export function exactlyOne(
  inputs: Properties,
  names: readonly string[],
  unknown: readonly string[] = [],
): string[] {
  const found = [...given(inputs, names), ...names.filter((name) => unknown.includes(name))];
  if (found.length === 1) return [];
  const got = found.length === 0 ? "none is" : `${found.join(", ")} are`;
  return [`exactly one of ${names.join(", ")} has to be given; ${got}`];
}

/** A complaint when two arguments are given that exclude each other. */
export function conflict(inputs: Properties, one: string, other: string): string[] {
  return given(inputs, [one, other]).length < 2 ? [] : [`"${one}": conflicts with ${other}`];
}
