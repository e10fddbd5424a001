import type { Field, PluginTable, ResourceTable } from "./schema";
import {
  isArchive,
  isAsset,
  isObject,
  isSecret,
  secret,
  UNKNOWN,
  type Properties,
  type Value,
} from "./values";

/**
 * What a check gives back: the arguments with defaults filled in, and all that is wrong with them. A
 * failure names the argument and holds no value: it may be a secret.
 */
export interface Checked {
  inputs: Properties;
  failures: string[];
}

/** Checks arguments against the table: unknown, missing and mistyped ones, all reported at once. */
export function checkInputs(
  table: PluginTable,
  resource: ResourceTable,
  news: Properties,
): Checked {
  const failures: string[] = [];
  const inputs = checkFields(table, resource.inputs, news, "", failures);
  return { inputs, failures };
}

function checkFields(
  table: PluginTable,
  fields: Record<string, Field>,
  given: Properties,
  path: string,
  failures: string[],
): Properties {
  const checked: Properties = {};
  const allowed = Object.keys(fields).sort().join(", ");
  for (const [name, value] of Object.entries(given)) {
    const field = fields[name];
    if (name.startsWith("__") || value === null) continue;
    if (field === undefined) {
      const at = path === "" ? "" : ` in "${path}"`;
      failures.push(`unknown argument "${name}"${at}; allowed are ${allowed}`);
      continue;
    }
    const result = checkValue(table, field.type, value, join(path, name), failures);
    checked[name] = field.secret === true ? secret(result) : result;
  }
  for (const [name, field] of Object.entries(fields)) {
    if (checked[name] !== undefined || (given[name] !== undefined && given[name] !== null))
      continue;
    if (field.default !== undefined) checked[name] = field.default;
    else if (field.required === true)
      failures.push(
        `missing argument "${join(path, name)}": a ${wanted(table, field.type)} is required`,
      );
  }
  return checked;
}

function checkValue(
  table: PluginTable,
  type: string,
  value: Value,
  path: string,
  failures: string[],
): Value {
  if (isSecret(value)) {
    return secret(checkValue(table, type, value.value ?? null, path, failures));
  }
  if (value === UNKNOWN || type === "Any") return value;
  if (type.endsWith("[]") && Array.isArray(value)) {
    const item = type.slice(0, -2);
    return value.map((one, index) => checkValue(table, item, one, `${path}[${index}]`, failures));
  }
  if (type.startsWith("map<") && isPlainObject(value)) {
    const item = type.slice(4, -1);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, one]) => one !== null)
        .map(([key, one]) => [key, checkValue(table, item, one, join(path, key), failures)]),
    );
  }
  const named = table.types[type];
  if (named?.fields !== undefined && isPlainObject(value)) {
    return checkFields(table, named.fields, value, path, failures);
  }
  if (named?.enum !== undefined && typeof value === "string" && named.enum.includes(value)) {
    return value;
  }
  if (matchesSimpleType(type, value)) return value;
  failures.push(
    `argument "${path}" must be a ${wanted(table, type)}, got ${kindOf(value, named !== undefined)}`,
  );
  return value;
}

function matchesSimpleType(type: string, value: Value): boolean {
  switch (type) {
    case "string":
    case "boolean":
      return typeof value === type;
    case "number":
      return typeof value === "number";
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "Asset":
      return isAsset(value);
    case "Archive":
      return isArchive(value);
    case "AssetOrArchive":
      return isAsset(value) || isArchive(value);
    default:
      return false;
  }
}

function isPlainObject(value: Value): value is Properties {
  return isObject(value) && !isAsset(value) && !isArchive(value);
}

function wanted(table: PluginTable, type: string): string {
  if (type.endsWith("[]")) {
    const item = type.slice(0, -2);
    return item === "Any" ? "list" : `list of ${wanted(table, item)}s`;
  }
  if (type.startsWith("map<")) return `map of ${wanted(table, type.slice(4, -1))}s`;
  if (type === "AssetOrArchive") return "file asset, text asset or file archive";
  const named = table.types[type];
  if (named?.enum !== undefined) return `word of ${named.enum.join(", ")}`;
  if (named?.fields !== undefined) return "object";
  return type.toLowerCase();
}

function kindOf(value: Value, isWord: boolean): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (isAsset(value)) return "an asset";
  if (isArchive(value)) return "an archive";
  if (typeof value === "object") return "an object";
  if (typeof value === "number" && !Number.isInteger(value)) return "a number with a fraction";
  return typeof value === "string" && isWord ? "another string" : `a ${typeof value}`;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
