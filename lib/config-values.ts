import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { allowedNames, isMap, kindOf, listOf, mapOf, type Finding } from "./finding";

/** A configuration key as Pulumi.yaml declares it. */
export interface DeclaredKey {
  readonly type: string;
  readonly default?: unknown;
  readonly items?: { readonly type: string };
}

/** The project's name and the configuration keys that it declares. */
export interface DeclaredKeys {
  readonly project: string;
  readonly keys: Readonly<Record<string, DeclaredKey>>;
}

/** Stands for a value that only the engine can decrypt: it is there, and nothing can be said of it. */
export const ENCRYPTED = Symbol("encrypted");

/** Reads what Pulumi.yaml declares. */
export function readDeclaredKeys(projectRoot: string): DeclaredKeys {
  const { name, config } = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as {
    name: string;
    config: Record<string, DeclaredKey>;
  };
  return { project: name, keys: config };
}

const ALLOWED: Readonly<Record<string, string>> = {
  string: "allowed is a text",
  integer: "allowed is a whole number",
  boolean: "allowed are true and false",
  object: "allowed is a map, one `name: value` a line",
  array: "allowed is a list of texts, one `- text` a line",
};

/**
 * Values of a stack's configuration, by key and typed as declared. A value of a wrong type reads as an empty one, and
 * nothing more is found about it than its type.
 */
export class ConfigValues {
  /** What is wrong with keys and types. */
  readonly findings: readonly Finding[];
  private readonly values: ReadonlyMap<string, unknown>;
  private readonly silent: ReadonlySet<string>;

  /**
   * @param given values by key, without the project's prefix; {@link ENCRYPTED} for those that can't be read
   * @param settled keys that are given other values before they are used, which nothing is said about
   */
  constructor(
    private readonly declared: DeclaredKeys,
    given: Readonly<Record<string, unknown>>,
    settled: readonly string[] = [],
  ) {
    const values = new Map<string, unknown>();
    const wrong: Finding[] = [];
    for (const [key, declaration] of Object.entries(declared.keys)) {
      const value = typed(declaration.type, key in given ? given[key] : declaration.default);
      values.set(key, value);
      if (value !== ENCRYPTED) wrong.push(...checkType(key, declaration, value));
    }
    this.values = values;
    this.silent = new Set([
      ...settled,
      ...wrong.map(({ key }) => topKey(key)),
      ...[...values].filter(([, value]) => value === ENCRYPTED).map(([key]) => key),
    ]);
    this.findings = [
      ...checkUnknownKeys(Object.keys(declared.keys), Object.keys(given)),
      ...wrong.filter(({ key }) => !settled.includes(topKey(key))),
    ];
  }

  text(key: string): string {
    const value = this.get(key);
    return typeof value === "string" ? value : "";
  }

  number(key: string): number {
    const value = this.get(key);
    return typeof value === "number" ? value : NaN;
  }

  flag(key: string): boolean {
    return this.get(key) === true;
  }

  map(key: string): Readonly<Record<string, unknown>> {
    return mapOf(this.get(key));
  }

  list(key: string): readonly unknown[] {
    return listOf(this.get(key));
  }

  /** Leaves out what is found about values that are of a wrong type, encrypted, or given later. */
  tellable(findings: readonly Finding[]): Finding[] {
    return findings.filter(
      ({ key, value }) => !this.silent.has(topKey(key)) && value !== ENCRYPTED,
    );
  }

  private get(key: string): unknown {
    if (!(key in this.declared.keys)) throw new Error(`Pulumi.yaml declares no ${key}`);
    return this.values.get(key);
  }
}

/** The configuration key that a finding is about. */
export function topKey(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

// As Pulumi reads a value: what is no map or list is a text first, and nothing is an empty one.
function typed(type: string, value: unknown): unknown {
  if (value === null || value === undefined) return type === "string" ? "" : value;
  if (typeof value === "object" || typeof value === "symbol") return value;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (type === "string") return text;
  if (type === "integer") return /^[+-]?[0-9]+$/.test(text) ? Number(text) : value;
  if (type === "boolean") return { true: true, false: false }[text] ?? value;
  return value;
}

function checkType(key: string, { type, items }: DeclaredKey, value: unknown): Finding[] {
  const next = ALLOWED[type] ?? "";
  const isRight = {
    string: typeof value === "string",
    integer: Number.isInteger(value),
    boolean: typeof value === "boolean",
    object: isMap(value),
    array: Array.isArray(value),
  }[type];
  // A secret in the wrong place is still one.
  const shown = key === "suppliedSecrets" ? undefined : value;
  if (isRight !== true) return [{ key, value: shown, problem: kindOf(value), next }];
  return items?.type !== "string"
    ? []
    : listOf(value).flatMap((item, index) =>
        typeof item === "string" || item === ENCRYPTED
          ? []
          : [
              {
                key: `${key}[${index}]`,
                value: item,
                problem: kindOf(item),
                next: typeof item === "object" ? "allowed is a text" : "write it in quotes",
              },
            ],
      );
}

/** Finds keys that are not declared. Their values are not shown: a misspelt key may hold a secret. */
export function checkUnknownKeys(declared: readonly string[], given: readonly string[]): Finding[] {
  return given
    .filter((key) => !declared.includes(key))
    .map((key) => ({ key, problem: "is no key of berth", next: allowedNames(key, declared) }));
}
