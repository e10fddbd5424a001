import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { PluginTable } from "./schema";
import { isMarked, refusal, STAND_IN_MARK } from "./stand-in-mark";
import { fromStruct, toStruct } from "./structs";

/** Writes the mark of a stand-in into the provider's record. */
export function checkConfig(request: messages.CheckRequest) {
  const response = new messages.CheckResponse();
  response.setInputs(toStruct({ ...fromStruct(request.getNews()), [STAND_IN_MARK]: "true" }));
  return response;
}

/** Refuses the record of an official plugin. The stand-ins have no settings, so nothing else differs. */
export function diffConfig(table: PluginTable, request: messages.DiffRequest) {
  const recorded = fromStruct(request.getOldInputs() ?? request.getOlds());
  if (!isMarked(recorded)) throw new Error(refusal(table.name));
  const response = new messages.DiffResponse();
  response.setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE);
  return response;
}

/** Refuses the record of an official plugin, which `destroy` and `refresh` hand over unchecked. */
export function configure(table: PluginTable, request: messages.ConfigureRequest) {
  if (request.hasArgs() && !isMarked(fromStruct(request.getArgs()))) {
    throw new Error(refusal(table.name));
  }
  const response = new messages.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  return response;
}
