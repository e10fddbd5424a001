import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { checkInputs } from "./check";
import { diffInputs } from "./diff";
import type { PluginTable, ResourceTable } from "./schema";
import { isMarked, refusal, STAND_IN_MARK } from "./stand-in-mark";
import { fromStruct, toStruct } from "./structs";
import { isSecret, revealAll, secret, type Properties, type Value } from "./values";

/** Checks the settings against the plugin's table, and writes the mark of a stand-in into the record. */
export function checkConfig(table: PluginTable, request: messages.CheckRequest) {
  const response = new messages.CheckResponse();
  const news = fromStruct(request.getNews());
  if (table.config === undefined) {
    response.setInputs(toStruct({ ...news, [STAND_IN_MARK]: "true" }));
    return response;
  }
  const { [STAND_IN_MARK]: _mark, version: _version, pluginDownloadURL: _url, ...given } = news;
  for (const reason of checkInputs(table, settings(table), decode(table, given)).failures) {
    const failure = new messages.CheckFailure();
    failure.setReason(reason);
    response.addFailures(failure);
  }
  response.setInputs(toStruct({ ...news, [STAND_IN_MARK]: "true" }));
  return response;
}

/** Refuses the record of an official plugin; tells whether the settings differ. */
export function diffConfig(table: PluginTable, request: messages.DiffRequest) {
  const recorded = fromStruct(request.getOldInputs() ?? request.getOlds());
  if (!isMarked(recorded)) throw new Error(refusal(table.name));
  const changes = diffInputs(
    settings(table),
    revealAll(recorded),
    revealAll(fromStruct(request.getNews())),
    [],
  );
  const response = new messages.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...new Set(changes.map(({ property }) => property))]);
  return response;
}

/**
 * Refuses the record of an official plugin, which `destroy` and `refresh` hand over unchecked, then hands the
 * settings to the plugin.
 */
export function configure(
  table: PluginTable,
  request: messages.ConfigureRequest,
  use?: (config: Properties) => void,
) {
  const recorded = fromStruct(request.getArgs());
  if (request.hasArgs() && !isMarked(recorded)) throw new Error(refusal(table.name));
  if (table.config !== undefined) {
    const { [STAND_IN_MARK]: _mark, ...given } = recorded;
    use?.(revealAll(decode(table, given)));
  }
  const response = new messages.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  return response;
}

function settings(table: PluginTable): ResourceTable {
  return { inputs: table.config ?? {}, outputs: {} };
}

/** Settings that are no strings travel as JSON texts. */
function decode(table: PluginTable, given: Properties): Properties {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      decodeOne(table.config?.[name]?.type ?? "string", value),
    ]),
  );
}

function decodeOne(type: string, value: Value): Value {
  if (isSecret(value)) return secret(decodeOne(type, value.value ?? null));
  if (type === "string" || typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return value;
  }
}
