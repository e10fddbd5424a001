import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { diffInputs, type Change } from "../../toolchain/plugins/provider/diff";
import type { Operation, ResourceHandler } from "../../toolchain/plugins/provider/resource-handler";
import type { PluginTable, ResourceTable } from "../../toolchain/plugins/provider/schema";
import type { Properties } from "../../toolchain/plugins/provider/values";
import { Machines } from "../machines/machines";
import { readAccount } from "./account";
import type { Call, Cloud, CloudType } from "./cloud-type";
import { MACHINE_FAULTS, takeFaults, type Struck } from "./faults";
import { State } from "./state";

/** Where the simulated clouds keep their resources: the folder that BERTH_SIMULATOR names. */
export function simulatorFolder(): string {
  const folder = process.env["BERTH_SIMULATOR"] ?? "";
  if (!folder.startsWith("/")) {
    throw new Error(
      "BERTH_SIMULATOR must name the simulator's state folder, absolute; commands/rehearse.sh sets it",
    );
  }
  return folder;
}

/** Makes handlers for the plugin out of a cloud's types: credentials, faults and refresh are the same for all. */
export function simulated(
  table: PluginTable,
  cloud: Cloud,
  types: Record<string, CloudType>,
): Record<string, ResourceHandler> {
  return Object.fromEntries(
    Object.entries(types).map(([type, handler]) => {
      const resource = table.resources[type];
      if (resource === undefined) throw new Error(`${type} is not in the table of ${table.name}`);
      return [type, new SimulatedType(type, resource, cloud, handler).handler()];
    }),
  );
}

class SimulatedType {
  constructor(
    private readonly type: string,
    private readonly table: ResourceTable,
    private readonly cloud: Cloud,
    private readonly inner: CloudType,
  ) {}

  handler(): ResourceHandler {
    const { inner } = this;
    const update = inner.update;
    return {
      ...(inner.autoName === undefined ? {} : { autoName: inner.autoName }),
      ...(inner.check === undefined ? {} : { check: inner.check }),
      ...(inner.canonical === undefined ? {} : { canonical: inner.canonical }),
      ...(inner.plan === undefined ? {} : { plan: inner.plan }),
      ...(inner.changing === undefined ? {} : { changing: inner.changing }),
      ownsOutputs: true,
      adjust: (changes, news, state) => {
        const kept = changes.filter((change) => !this.isLeftToCloud(change));
        return inner.adjust?.(kept, news, state) ?? kept;
      },
      create: (operation, inputs) =>
        this.call("create", operation, (call) => inner.create(call, inputs)),
      read: (operation, state, inputs) =>
        this.call("read", operation, async (call) => {
          const outputs = await inner.read(call, state);
          return outputs && { outputs, inputs: this.refreshed(inputs, outputs) };
        }),
      ...(update === undefined
        ? {}
        : {
            update: (operation: Operation, inputs: Properties, olds: Properties) =>
              this.call("update", operation, (call) => update(call, inputs, olds)),
          }),
      delete: (operation, state) =>
        this.call("delete", operation, (call) => inner.delete(call, state)),
    };
  }

  /** An argument that the cloud fills in when it is left out, and that the program no longer gives, stays as it is. */
  private isLeftToCloud(change: Change): boolean {
    return (
      change.kind === "delete" &&
      change.path === change.property &&
      this.table.outputs[change.property]?.required === true
    );
  }

  private async call<Result>(
    operation: Struck["operation"],
    given: Operation,
    work: (call: Call) => Promise<Result>,
  ): Promise<Result> {
    const state = new State(simulatorFolder());
    const account = readAccount(state);
    const faults = await takeFaults(state, { type: this.type, operation, name: given.name });
    this.cloud.authenticate(account, operation);
    for (const fault of faults) {
      if (fault.kind === "slow") await wait((fault.seconds ?? 1) * 1000);
      if (fault.kind === "held") {
        while (existsSync(join(state.folder, "held"))) await wait(50);
      }
      if (fault.kind === "error" || fault.kind === "quota" || fault.kind === "nameTaken") {
        throw new Error(fault.message ?? this.cloud.refusal(fault.kind, this.shortType, operation));
      }
    }
    const machineFaults = faults.filter(({ kind }) => MACHINE_FAULTS.includes(kind));
    const machines = new Machines(state, account);
    const result = await work({ ...given, state, account, machines, machineFaults });
    const lost = faults.find(({ kind }) => kind === "lostAnswer");
    if (lost !== undefined) throw new Error(lost.message ?? lostAnswer(operation));
    return result;
  }

  private get shortType(): string {
    return this.type.split(":").at(-1) ?? this.type;
  }

  /** Recorded arguments take over what the cloud tells now, unless it is another way to write the same. */
  private refreshed(inputs: Properties, outputs: Properties): Properties {
    const { canonical = (same: Properties) => same, unread = [] } = this.inner;
    const isImport = Object.keys(inputs).length === 0;
    const names = isImport ? Object.keys(this.table.inputs) : Object.keys(inputs);
    const found = { ...inputs };
    for (const name of names) {
      const output = outputs[name];
      if (output === undefined || output === null || unread.includes(name)) continue;
      if (this.table.inputs[name] === undefined) continue;
      const before = inputs[name] === undefined ? {} : { [name]: inputs[name] };
      const differs = diffInputs(
        this.table,
        canonical(before),
        canonical({ [name]: output }),
        [],
      ).some(({ kind, path }) => isImport || kind !== "add" || !path.includes("."));
      if (differs) found[name] = output;
    }
    return found;
  }
}

function lostAnswer(operation: string): string {
  return `the answer to the ${operation} was lost: connection reset by peer`;
}
