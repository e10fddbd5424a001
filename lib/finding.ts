import { closest, distance } from "fastest-levenshtein";

/** What is wrong with one key of the configuration or of the application, in parts, so that each place words it alike. */
export interface Finding {
  /** Path of the key, e.g. `domains.main` or `x-berth.routes.main.port`. */
  readonly key: string;
  /** The value given; absent where there is none, where it says nothing, or where it may be a secret. */
  readonly value?: unknown;
  /** What is wrong, as it follows the value in a sentence. */
  readonly problem: string;
  /** What is allowed, or what to do. */
  readonly next: string;
  /** Line of the file, from 1, where it is known. */
  readonly line?: number;
}

const LONGEST_SHOWN = 80;
const MANY = 8;

/** Renders a finding as one line, `key: value problem; next`. */
export function findingLine(finding: Finding): string {
  return `${findingHead(finding)}; ${finding.next}`;
}

/** Renders the first half of a finding's line, `key: value problem`. */
export function findingHead({ key, value, problem }: Finding): string {
  return `${printable(key)}: ${[showValue(value), problem].filter((part) => part !== "").join(" ")}`;
}

/**
 * Shows a value on one line: no private key, no login of a URL, nothing that a terminal would obey, at most 80
 * characters. Empty for what is no single value.
 */
export function showValue(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string" || value === "" || value.includes("PRIVATE KEY")) return "";
  const text = value.replace(/\/\/[^/@]*@/, "//...@");
  const short = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
  return JSON.stringify(printable(short));
}

// Escapes of terminals begin with control characters, also with those of 0x80 to 0x9f.
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ");
}

/** What a value is in the words of YAML, e.g. `is a list`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "is empty";
  if (Array.isArray(value)) return "is a list";
  if (typeof value === "object") return "is a map";
  if (typeof value === "string") return "is a text";
  if (typeof value === "boolean") return "is a boolean";
  return Number.isInteger(value) ? "is a whole number" : "is a number";
}

/** The name nearest to a misspelt one; none where no name is near enough to be meant. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const found = closest(name.toLowerCase(), [...new Set(names.map((one) => one.toLowerCase()))]);
  const bound = Math.min(3, Math.ceil(name.length / 3));
  return distance(name.toLowerCase(), found) <= bound
    ? names.find((one) => one.toLowerCase() === found)
    : undefined;
}

/** Says which names are allowed, the one that is probably meant first, and that alone where there are many. */
export function allowedNames(name: string, names: readonly string[]): string {
  if (names.length === 0) return "there are none";
  const near = nearest(name, names);
  const allowed = `allowed ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`;
  if (near === undefined) return allowed;
  return names.length === 1 || names.length > MANY
    ? `did you mean ${near}?`
    : `did you mean ${near}? ${allowed}`;
}

/** Whether a value is a map. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as a map; an empty one where it is none. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {};
}

/** A value as a list; an empty one where it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
