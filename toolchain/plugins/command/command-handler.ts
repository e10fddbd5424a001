import { uniqueId } from "./identity";
import type { Operation, ResourceHandler } from "../provider/resource-handler";
import type { Properties } from "../provider/values";

/** One command of a resource that has to be run now. */
export interface CommandRun {
  which: "create" | "update" | "delete";
  command: string;
  /** Arguments of the resource. */
  inputs: Properties;
  /** State of the last run; empty at the first. */
  olds: Properties;
}

/** A resource made of commands for create, update and delete; an update without one runs `create`. */
export function commandHandler(
  run: (operation: Operation, run: CommandRun) => Promise<Properties>,
  changing: (inputs: Properties) => string[],
): ResourceHandler {
  const runIfGiven = (
    operation: Operation,
    which: CommandRun["which"],
    inputs: Properties,
    olds: Properties,
  ): Promise<Properties> => {
    const command = inputs[which];
    if (typeof command === "string") return run(operation, { which, command, inputs, olds });
    return Promise.resolve({ stdout: olds["stdout"] ?? "", stderr: olds["stderr"] ?? "" });
  };
  return {
    changing: (inputs) => ["stdout", "stderr", ...changing(inputs)],
    async create(operation, inputs) {
      const outputs = await runIfGiven(operation, "create", inputs, {});
      return { id: uniqueId(operation.name), outputs };
    },
    update: (operation, inputs, olds) =>
      runIfGiven(operation, inputs["update"] === undefined ? "create" : "update", inputs, olds),
    async delete(operation, state) {
      await runIfGiven(operation, "delete", state, state);
    },
  };
}
