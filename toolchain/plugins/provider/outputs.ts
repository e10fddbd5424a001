import { DEFAULTS } from "./naming";
import type { ResourceHandler } from "./resource-handler";
import type { ResourceTable } from "./schema";
import { isSecret, reveal, secret, secretStrings, UNKNOWN, type Properties } from "./values";

/** What a preview tells of a resource that is to be made. */
export function plannedOutputs(
  table: ResourceTable,
  handler: ResourceHandler,
  marked: Properties,
  planned: Properties,
): Properties {
  const unknown = Object.fromEntries(
    Object.entries(table.outputs)
      .filter(([name, field]) => table.inputs[name] === undefined || field.required === true)
      .map(([name]) => [name, UNKNOWN]),
  );
  const given = withoutDefaults(marked);
  return handler.ownsOutputs === true
    ? { ...unknown, ...given, ...markSecrets(table, marked, planned) }
    : { ...markSecrets(table, marked, { ...unknown, ...planned }), ...given };
}

/** What a preview tells of a resource that is to be changed; the `changing` ones are not known yet. */
export function updatedOutputs(
  table: ResourceTable,
  handler: ResourceHandler,
  marked: Properties,
  recorded: Properties,
  changing: string[],
): Properties {
  const unknown = Object.fromEntries(changing.map((name) => [name, UNKNOWN]));
  const given = withoutDefaults(marked);
  return handler.ownsOutputs === true
    ? { ...recorded, ...given, ...unknown }
    : { ...markSecrets(table, marked, unknown), ...given };
}

/** Outputs after an operation. Arguments keep the marks they came with; the table tells which others are secret. */
export function createdOutputs(
  table: ResourceTable,
  handler: ResourceHandler,
  marked: Properties,
  made: Properties,
): Properties {
  const outputs = markSecrets(table, marked, made);
  return handler.ownsOutputs === true ? outputs : { ...outputs, ...withoutDefaults(marked) };
}

/** Marks again what was marked secret in the record. */
export function keepMarks(plain: Properties, recorded: Properties): Properties {
  return Object.fromEntries(
    Object.entries(plain).map(([name, value]) => [
      name,
      isSecret(recorded[name]) ? secret(value) : value,
    ]),
  );
}

function markSecrets(table: ResourceTable, marked: Properties, made: Properties): Properties {
  return Object.fromEntries(
    Object.entries(made).map(([name, value]) => {
      const given = marked[name];
      const isMarked =
        table.outputs[name]?.secret === true ||
        isSecret(given) ||
        (given !== undefined && secretStrings(given).length > 0);
      return [name, isMarked ? secret(reveal(value)) : value];
    }),
  );
}

function withoutDefaults(inputs: Properties): Properties {
  const { [DEFAULTS]: _filled, ...given } = inputs;
  return given;
}
