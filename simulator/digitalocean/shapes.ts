import type { Properties, Value } from "../../toolchain/plugins/provider/values";

/** A text argument; empty when it is not given. */
export function text(properties: Properties, name: string): string {
  const value = properties[name];
  return typeof value === "string" ? value : "";
}

/** A text or number as text; empty for anything else. */
export function word(value: Value | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** A list of texts; empty when it is not given. */
export function texts(properties: Properties, name: string): string[] {
  const value = properties[name];
  return Array.isArray(value) ? value.map(word) : [];
}

/** The value, or null, which stands for "not set" in outputs. */
export function orNull(value: Value | undefined): Value {
  return value ?? null;
}

/** Tags in the form in which they are compared: without case, in order. */
export function sortedTags(values: readonly string[]): string[] {
  return [...new Set(values.map((value) => value.toLowerCase()))].sort();
}

/** The arguments with `change` applied to those that are given and known. */
export function withForms(
  inputs: Properties,
  forms: Readonly<Record<string, (value: Value) => Value>>,
): Properties {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, forms[name]?.(value) ?? value]),
  );
}

/** Form of a text without case. */
export function lowerCase(value: Value): Value {
  return typeof value === "string" ? value.toLowerCase() : value;
}

/** Form of a set of tags. */
export function tagSet(value: Value): Value {
  return Array.isArray(value) ? sortedTags(value.map(word)) : value;
}

/** Form of a set of texts or numbers. */
export function anySet(value: Value): Value {
  return Array.isArray(value)
    ? [...value].sort((one, other) => word(one).localeCompare(word(other)))
    : value;
}
