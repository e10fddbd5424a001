import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  isAlias,
  isMap,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from "yaml";
import { ENCRYPTED, type DeclaredKeys } from "./config-values";
import { allowedNames, mapOf, nearest, type Finding } from "./finding";

const TOP_KEYS = ["config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"];

/** A YAML file with the places of its keys. */
export interface YamlFile {
  readonly content: unknown;
  /** Whether there is content: a key that stands twice is a finding, and the rest can be read. */
  readonly isReadable: boolean;
  /** Where it does not parse: line, column and what to do. */
  readonly findings: readonly Finding[];
  /** Line of a key or of what it lies in, by its path; undefined where not even its beginning is there. */
  line(path: readonly string[]): number | undefined;
}

/** Reads YAML for its content and its places; what does not parse has no content. */
export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const at = (offset: number, problem: string, next: string): Finding => {
    const { line, col } = lines.linePos(offset);
    return { key: `line ${line}, column ${col}`, problem: `is no YAML: ${problem}`, next, line };
  };
  const findings = document.errors.map(({ code, message, pos }) =>
    at(
      pos[0],
      // What follows in quotes is the text itself, which may be a secret.
      (message.split("\n")[0] ?? "").replace(/: ".*$/, ""),
      code === "DUPLICATE_KEY" ? "write it once" : "put that line right, or one above it",
    ),
  );
  let isReadable = document.errors.every(({ code }) => code === "DUPLICATE_KEY");
  // An alias that leads nowhere is no error of the parser.
  visit(document, {
    Alias: (_key, node) => {
      if (node.resolve(document) !== undefined) return;
      const next = "write a text that begins with * in quotes";
      isReadable = false;
      findings.push(at(node.range?.[0] ?? 0, "an alias of an anchor that is not there", next));
    },
  });
  return {
    content: isReadable ? (document.toJS() as unknown) : undefined,
    isReadable,
    findings,
    line: (path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  };
}

/** Parts of a key such as `x-berth.checks.http[0].route`. */
export function pathOf(key: string): string[] {
  return key.split(/[.[\]]+/).filter((part) => part !== "");
}

function offsetOf(document: Document, path: readonly string[]): number | undefined {
  let node = document.contents as Node | null | undefined;
  let offset: number | undefined;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(key) === part);
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0];
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = node.items[Number(part)] as Node | undefined;
      offset = node?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}

/** What a stack's file gives. */
export interface StackFile {
  /** Values of the project's keys, without prefix; {@link ENCRYPTED} for those that only the engine can read. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
  /** Whether anything is known of the values. */
  readonly isReadable: boolean;
  /** Whether Pulumi fetches more values from elsewhere, so that the file alone does not tell the configuration. */
  readonly isPartial: boolean;
  /** The same finding with the line of its key. */
  readonly placed: (finding: Finding) => Finding;
}

/** Reads Pulumi.<stack>.yaml as Pulumi does, without decrypting anything. */
export function readStackFile(folder: string, stack: string, declared: DeclaredKeys): StackFile {
  const yaml = readYaml(readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8"));
  const top = mapOf(yaml.content);
  const config = mapOf(top.config);
  const prefix = `${declared.project}:`;
  const given: Record<string, unknown> = {};
  const findings = [...yaml.findings, ...checkTop(yaml)];
  for (const [key, value] of Object.entries(config)) {
    const [namespace = ""] = key.split(":");
    if (!key.includes(":") || key.startsWith(prefix)) {
      given[key.replace(prefix, "")] = withoutCiphers(value);
    } else if (nearest(namespace, [declared.project]) !== undefined) {
      const meant = key.replace(namespace, declared.project);
      findings.push({ key, problem: "has an unknown prefix", next: `did you mean ${meant}?` });
    }
  }
  return {
    given,
    findings,
    isReadable: yaml.isReadable,
    isPartial: "environment" in top,
    placed: (finding) => {
      const [first = "", ...rest] = pathOf(finding.key);
      const named = [`${prefix}${first}`, first].find((key) => key in config) ?? first;
      const whole = finding.key in config ? [finding.key] : [named, ...rest];
      const line = finding.line ?? yaml.line(first in top ? [first] : ["config", ...whole]);
      return line === undefined ? finding : { ...finding, line };
    },
  };
}

function checkTop({ content, isReadable }: YamlFile): Finding[] {
  if (!isReadable || content === null || content === undefined) return [];
  const top = mapOf(content);
  if (top !== content) {
    return [
      {
        key: "config",
        problem: "is missing",
        next: "write `config:`, and below it one `berth:key: value` a line",
      },
    ];
  }
  const unknown = Object.keys(top)
    .filter((key) => !TOP_KEYS.includes(key))
    .map((key) => ({
      key,
      problem: "is no part of a stack's file",
      next: allowedNames(key, TOP_KEYS),
    }));
  const isMapOfKeys =
    top.config === undefined || top.config === null || mapOf(top.config) === top.config;
  const next = "write one `berth:key: value` a line";
  return isMapOfKeys ? unknown : [...unknown, { key: "config", problem: "is no map", next }];
}

/** Pulumi writes a secret as `{secure: <cipher>}`, also within maps and lists. */
function withoutCiphers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCiphers);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && typeof mapOf(value).secure === "string") return ENCRYPTED;
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutCiphers(inner)]));
}
