import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { checkInputs } from "./check";
import { diffInputs, type Change } from "./diff";
import type { EngineLog } from "./engine-log";
import { knownSecrets } from "./known-secrets";
import { fillName, isFilledIn } from "./naming";
import { createdOutputs, keepMarks, plannedOutputs, updatedOutputs } from "./outputs";
import type { Operation, ResourceHandler } from "./resource-handler";
import type { PluginTable, ResourceTable } from "./schema";
import { fromStruct, toStruct } from "./structs";
import { holdsUnknown, revealAll, type Properties } from "./values";

const { Kind } = messages.PropertyDiff;
const { DiffChanges } = messages.DiffResponse;

interface Target {
  type: string;
  table: ResourceTable;
  handler: ResourceHandler;
}

/** Answers the engine's calls about single resources from the plugin's table and handlers. */
export class ResourceCalls {
  private readonly cancelled = new AbortController();
  private running = 0;

  constructor(
    private readonly plugin: PluginTable,
    private readonly handlers: Record<string, ResourceHandler>,
    private readonly engineLog: EngineLog,
  ) {}

  /** Ends what waits for a connection; commands that run already are left to end. */
  cancel(): void {
    this.cancelled.abort(new Error("cancelled"));
  }

  /** True while a resource is made, changed or removed. */
  get isBusy(): boolean {
    return this.running > 0;
  }

  check(request: messages.CheckRequest): messages.CheckResponse {
    const { table, handler } = this.target(request.getUrn());
    const given = fromStruct(request.getNews());
    const { inputs: checked, failures } = checkInputs(this.plugin, table, given);
    const olds = fromStruct(request.getOlds());
    const seed = request.getRandomseed_asU8();
    const inputs = fillName(handler, nameIn(request.getUrn()), checked, olds, seed);
    if (failures.length === 0) {
      const plain = revealAll(inputs);
      const unknown = Object.keys(plain).filter((name) => holdsUnknown(plain[name]));
      failures.push(...(handler.check?.(known(plain), unknown) ?? []));
    }
    const response = new messages.CheckResponse();
    for (const failure of failures) {
      const message = new messages.CheckFailure();
      // Were the property named too, the engine would print its value, be it secret or not.
      message.setReason(failure);
      response.addFailures(message);
    }
    response.setInputs(toStruct(inputs));
    return response;
  }

  diff(request: messages.DiffRequest): messages.DiffResponse {
    const { table, handler } = this.target(request.getUrn());
    const olds = request.hasOldInputs() ? request.getOldInputs() : request.getOlds();
    const news = revealAll(fromStruct(request.getNews()));
    const same = handler.canonical ?? ((inputs: Properties) => inputs);
    const found = diffInputs(
      table,
      same(revealAll(fromStruct(olds))),
      same(news),
      request.getIgnorechangesList(),
    );
    const state = revealAll(fromStruct(request.getOlds()));
    const changes = handler.adjust?.(found, news, state) ?? found;
    const response = new messages.DiffResponse();
    response.setHasdetaileddiff(true);
    response.setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
    response.setDiffsList([...new Set(changes.map((change) => change.property))]);
    const replacing = changes.filter((change) => change.replaces);
    response.setReplacesList([...new Set(replacing.map((change) => change.property))]);
    const named = handler.autoName;
    response.setDeletebeforereplace(
      replacing.length > 0 && named !== undefined && !isFilledIn(news, named),
    );
    for (const change of changes) {
      const part = new messages.PropertyDiff();
      part.setKind(kindOf(change));
      part.setInputdiff(request.hasOldInputs());
      response.getDetaileddiffMap().set(change.path, part);
    }
    return response;
  }

  async create(request: messages.CreateRequest): Promise<messages.CreateResponse> {
    const { table, handler } = this.target(request.getUrn());
    const marked = fromStruct(request.getProperties());
    const inputs = revealAll(marked);
    const response = new messages.CreateResponse();
    if (request.getPreview()) {
      const planned = handler.plan?.(known(inputs)) ?? {};
      response.setProperties(toStruct(plannedOutputs(table, handler, marked, planned)));
      return response;
    }
    const operation = this.operation(request.getUrn(), "", request.getTimeout(), marked);
    const created = await this.run(() => handler.create(operation, inputs));
    response.setId(created.id);
    response.setProperties(toStruct(createdOutputs(table, handler, marked, created.outputs)));
    return response;
  }

  async update(request: messages.UpdateRequest): Promise<messages.UpdateResponse> {
    const { type, table, handler } = this.target(request.getUrn());
    const update = handler.update;
    if (update === undefined) throw new Error(`${type} cannot be updated, only replaced`);
    const marked = fromStruct(request.getNews());
    const recorded = fromStruct(request.getOlds());
    const inputs = revealAll(marked);
    const olds = revealAll(recorded);
    const response = new messages.UpdateResponse();
    if (request.getPreview()) {
      const changing = handler.changing?.(inputs) ?? [];
      response.setProperties(toStruct(updatedOutputs(table, handler, marked, recorded, changing)));
      return response;
    }
    const operation = this.operation(
      request.getUrn(),
      request.getId(),
      request.getTimeout(),
      marked,
      recorded,
    );
    const after = await this.run(() => update(operation, inputs, olds));
    response.setProperties(toStruct(createdOutputs(table, handler, marked, after)));
    return response;
  }

  async delete(request: messages.DeleteRequest): Promise<Empty> {
    const { handler } = this.target(request.getUrn());
    const remove = handler.delete;
    if (remove !== undefined) {
      const recorded = fromStruct(request.getProperties());
      const operation = this.operation(
        request.getUrn(),
        request.getId(),
        request.getTimeout(),
        recorded,
      );
      await this.run(() => remove(operation, revealAll(recorded)));
    }
    return new Empty();
  }

  /** A resource that can't be looked up is found as it was recorded. */
  async read(request: messages.ReadRequest): Promise<messages.ReadResponse> {
    const { type, handler } = this.target(request.getUrn());
    const response = new messages.ReadResponse();
    const recorded = fromStruct(request.getProperties());
    const marked = fromStruct(request.getInputs());
    const read = handler.read;
    if (read === undefined) {
      if (!request.hasInputs() && Object.keys(recorded).length === 0) {
        throw new Error(`${type} cannot be imported`);
      }
      response.setId(request.getId());
      response.setProperties(request.getProperties());
      response.setInputs(request.getInputs());
      return response;
    }
    const operation = this.operation(request.getUrn(), request.getId(), 0, marked, recorded);
    const found = await this.run(() => read(operation, revealAll(recorded), revealAll(marked)));
    if (found === undefined) return response;
    response.setId(request.getId());
    response.setProperties(toStruct(keepMarks(found.outputs, recorded)));
    response.setInputs(toStruct(keepMarks(found.inputs, marked)));
    return response;
  }

  private target(urn: string): Target {
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const table = this.plugin.resources[type];
    const handler = this.handlers[type];
    if (table === undefined || handler === undefined) {
      const types = Object.keys(this.handlers).sort().join(", ");
      throw new Error(
        `the stand-in plugin "${this.plugin.name}" has no resource type ${type}; it has ${types}`,
      );
    }
    return { type, table, handler };
  }

  private operation(
    urn: string,
    id: string,
    timeout: number,
    ...properties: Properties[]
  ): Operation {
    const { table } = this.target(urn);
    const signals = [this.cancelled.signal];
    if (timeout > 0) signals.push(AbortSignal.timeout(timeout * 1000));
    return {
      name: nameIn(urn),
      id,
      log: (line) => this.engineLog.status(urn, line),
      warn: (message) => this.engineLog.warning(urn, message),
      signal: AbortSignal.any(signals),
      secrets: properties.flatMap((set) => knownSecrets(this.plugin, table, set)),
    };
  }

  private async run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.running += 1;
    try {
      return await work();
    } finally {
      await this.engineLog.flush();
      this.running -= 1;
    }
  }
}

function known(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => !holdsUnknown(value)));
}

function nameIn(urn: string): string {
  return urn.split("::")[3] ?? "";
}

function kindOf(change: Change): messages.PropertyDiff.Kind {
  const kinds = change.replaces
    ? { add: Kind.ADD_REPLACE, delete: Kind.DELETE_REPLACE, update: Kind.UPDATE_REPLACE }
    : { add: Kind.ADD, delete: Kind.DELETE, update: Kind.UPDATE };
  return kinds[change.kind];
}
