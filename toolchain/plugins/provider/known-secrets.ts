import type { PluginTable, ResourceTable } from "./schema";
import { isObject, reveal, secret, secretStrings, type Properties, type Value } from "./values";

/**
 * The strings that may occur in no log and no error. An object that is secret as a whole, as a
 * connection is, holds names too that people need to see; of it only the fields count that the table
 * calls secret.
 */
export function knownSecrets(
  plugin: PluginTable,
  resource: ResourceTable,
  properties: Properties,
): string[] {
  return Object.entries(properties).flatMap(([name, value]) => {
    const field = resource.inputs[name];
    // What a step printed last time is kept as a secret, yet the same lines are no secret of this time.
    if (field === undefined) return [];
    return ofField(plugin, field.type, field.secret === true, value);
  });
}

function ofField(plugin: PluginTable, type: string, isSecret: boolean, value: Value): string[] {
  const fields = plugin.types[type]?.fields;
  const plain = reveal(value);
  if (fields === undefined || !isObject(plain)) {
    return secretStrings(isSecret ? secret(value) : value);
  }
  return Object.entries(plain).flatMap(([name, part]) => {
    const field = fields[name];
    return ofField(plugin, field?.type ?? "Any", field?.secret === true, part);
  });
}
