/**
 * Writes the tables of README.md from what they document: configuration keys from Pulumi.yaml, x-berth from its schema.
 *
 *   node --import tsx docs/tables.ts [--check]     with --check it only says whether README.md is current (exit code 1)
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { parse } from "yaml";
import schema from "../lib/x-berth.schema.json";

const readme = join(__dirname, "..", "README.md");

interface ConfigKey {
  readonly type: string;
  readonly default?: unknown;
  readonly description: string;
}

interface SchemaNode {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
}

/** Renders the table of configuration keys. */
export function configTable(): string {
  const project = parse(readFileSync(join(__dirname, "..", "Pulumi.yaml"), "utf8")) as {
    config: Record<string, ConfigKey>;
  };
  const rows = Object.entries(project.config).map(
    ([key, { type, default: preset, description }]) => [
      `\`${key}\``,
      type,
      preset === undefined ? "must be set" : `\`${JSON.stringify(preset)}\``,
      description,
    ],
  );
  return table(["Key", "Type", "Default", "Meaning"], rows);
}

/** Renders the table of the keys of x-berth. */
export function schemaTable(): string {
  return table(["Key", "Allowed", "Default", "Meaning"], describeProperties("", schema));
}

function describeProperties(prefix: string, node: SchemaNode): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    describe(`${prefix}${key}`, child),
  );
}

function describe(path: string, node: SchemaNode): string[][] {
  const own =
    node.description === undefined
      ? []
      : [[`\`${path}\``, allowed(node), preset(node), node.description]];
  const each =
    typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
  return [
    ...own,
    ...describeProperties(`${path}.`, node),
    ...(each === undefined ? [] : describeProperties(`${path}.<name>.`, each)),
    ...(node.items === undefined ? [] : describeProperties(`${path}[].`, node.items)),
  ];
}

function allowed(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.map((value) => `\`${value}\``).join(", ");
  if (node.minimum !== undefined && node.maximum !== undefined)
    return `${node.minimum} to ${node.maximum}`;
  return node.type === "array" ? "list" : (node.type ?? "object");
}

function preset(node: SchemaNode): string {
  return node.default === undefined ? "" : `\`${JSON.stringify(node.default)}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Puts a text between the marks of a name. */
export function replaceBetween(text: string, name: string, content: string): string {
  const begin = `<!-- ${name} -->\n`;
  const end = `<!-- /${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no place marked ${name}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n\n${text.slice(to)}`;
}

/** README.md as it should be, in the project's own format. */
export async function currentReadme(text: string): Promise<string> {
  const filled = replaceBetween(
    replaceBetween(text, "config", configTable()),
    "x-berth",
    schemaTable(),
  );
  return format(filled, { ...(await resolveConfig(readme)), parser: "markdown" });
}

async function main(): Promise<void> {
  const text = readFileSync(readme, "utf8");
  const current = await currentReadme(text);
  if (!process.argv.includes("--check")) writeFileSync(readme, current);
  else if (text !== current) {
    process.stderr.write(
      "README.md: its tables are not current; run: node --import tsx docs/tables.ts\n",
    );
    process.exitCode = 1;
  }
}

if (require.main === module) void main();
