import Ajv, { type ErrorObject } from "ajv";
import { allowedNames, kindOf, mapOf, nearest, type Finding } from "./finding";
import schema from "./x-berth.schema.json";

/** A node of the schema, as far as its errors are worded from it. */
interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  /** What a pattern allows, in words; editors show it too. */
  readonly patternErrorMessage?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly propertyNames?: SchemaNode;
  readonly items?: SchemaNode;
}

const validate = new Ajv({
  allErrors: true,
  useDefaults: true,
  strict: false,
  verbose: true,
}).compile(schema);

/** Fills the defaults of `x-berth` in, and finds where it is not of the form that its schema describes. */
export function checkSchema(block: unknown): Finding[] {
  if (validate(block)) return [];
  const findings = (validate.errors ?? []).flatMap(describeError);
  const guessed = new Set(findings.map(({ meant }) => meant));
  return findings
    .filter(({ key, isMissing }) => !isMissing || !guessed.has(key))
    .map(({ meant: _meant, isMissing: _isMissing, ...finding }) => finding);
}

interface SchemaFinding extends Finding {
  /** Key that was probably meant by an unknown one: that it is missing need not be said as well. */
  readonly meant?: string;
  readonly isMissing?: boolean;
}

function describeError(error: ErrorObject): SchemaFinding[] {
  const key = keyOf(error.instancePath);
  const params = error.params as Record<string, unknown>;
  const node = (error.parentSchema ?? {}) as SchemaNode;
  const value = mayBeSecret(error) ? undefined : error.data;
  // The name itself is reported by `propertyNames`, a branch by what is wrong within.
  if (error.propertyName !== undefined || error.keyword === "if") return [];
  switch (error.keyword) {
    case "additionalProperties": {
      const name = String(params.additionalProperty);
      const names = Object.keys(node.properties ?? {});
      const near = nearest(name, names);
      const meant = near === undefined ? undefined : `${key}.${near}`;
      const next = allowedNames(name, names);
      return [{ key: `${key}.${name}`, problem: "is no key of x-berth", next, meant }];
    }
    case "required": {
      const name = String(params.missingProperty);
      const child = nodeAt(error, name);
      const next = child === undefined ? "write it" : describeNode(child);
      return [{ key: `${key}.${name}`, problem: "is missing", next, isMissing: true }];
    }
    case "propertyNames": {
      const names = node.propertyNames ?? {};
      const name = String(params.propertyName);
      return [{ key: `${key}.${name}`, problem: "is no allowed name", next: describeNode(names) }];
    }
    case "type":
      return [{ key, value, problem: kindOf(error.data), next: describeNode(node) }];
    case "enum":
      return typeof error.data === "string"
        ? [{ key, value, problem: "is not known", next: allowedNames(error.data, node.enum ?? []) }]
        : [{ key, value, problem: kindOf(error.data), next: describeNode(node) }];
    case "minimum":
    case "maximum": {
      const isLength = key.endsWith(".length");
      const words = isLength ? ["is too short", "is too long"] : ["is too small", "is too large"];
      const problem = words[error.keyword === "minimum" ? 0 : 1] ?? "";
      return [{ key, value, problem, next: describeNode(node) }];
    }
    case "pattern": {
      const problem = error.data === "" ? "is empty" : "is not of the allowed form";
      return [{ key, value, problem, next: describeNode(node) }];
    }
    case "minItems":
    case "minProperties":
    case "minLength":
      return [{ key, problem: "is empty", next: describeNode(node) }];
    default:
      return [{ key, problem: error.message ?? error.keyword, next: describeNode(node) }];
  }
}

/** Under `secrets` only names and lengths belong; what else stands there may be the secret itself. */
function mayBeSecret({ instancePath, data }: ErrorObject): boolean {
  return /^\/secrets(\/|$)/.test(instancePath) && typeof data !== "number";
}

function keyOf(instancePath: string): string {
  const parts = instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return [
    "x-berth",
    ...parts.map((part) => (/^[0-9]+$/.test(part) ? `[${part}]` : `.${part}`)),
  ].join("");
}

function nodeAt(error: ErrorObject, name: string): SchemaNode | undefined {
  const { properties } = error.parentSchema as SchemaNode;
  if (properties !== undefined) return properties[name];
  // `then` names what is required without describing it again.
  return mapOf(schema.properties.database.properties)[name] as SchemaNode | undefined;
}

/** Says what a node allows. */
function describeNode(node: SchemaNode): string {
  if (node.patternErrorMessage !== undefined) return `allowed ${node.patternErrorMessage}`;
  if (node.enum !== undefined) return `allowed are ${node.enum.join(", ")}`;
  if (node.minimum !== undefined && node.maximum !== undefined) {
    return `allowed are whole numbers from ${node.minimum} to ${node.maximum}`;
  }
  const names = Object.keys(node.properties ?? {});
  switch (node.type) {
    case "object":
      return names.length > 0
        ? `allowed is a map of ${names.join(", ")}`
        : "allowed is a map with at least one name";
    case "array":
      return node.items?.type === "string" ? "allowed is a list of texts" : "allowed is a list";
    case "boolean":
      return "allowed are true and false";
    default:
      return ["allowed is a text", ...(node.description ? [`(${node.description})`] : [])].join(
        " ",
      );
  }
}
