import type { Operation, ResourceHandler } from "../provider/resource-handler";
import type { Properties } from "../provider/values";
import { addressOf, readConnection } from "./connection";
import { dial } from "./dial";
import { uniqueId } from "./identity";
import { assertSuccess, OutputCollector, type Logging } from "./output";
import { previousOutput } from "./previous-output";
import { Redactor } from "./redact";
import { runRemote } from "./remote-run";

/** `command:remote:Command`: commands for create, update and delete, each in an SSH login of its own. */
export const remoteCommand: ResourceHandler = {
  changing: () => ["stdout", "stderr"],

  async create(operation, inputs) {
    const outputs = await run(operation, "create", inputs["create"], inputs, {});
    return { id: uniqueId(operation.name), outputs };
  },

  update(operation, inputs, olds) {
    const [which, command] =
      inputs["update"] === undefined ? ["create", inputs["create"]] : ["update", inputs["update"]];
    return run(operation, which, command, inputs, olds);
  },

  async delete(operation, state) {
    await run(operation, "delete", state["delete"], state, state);
  },
};

async function run(
  operation: Operation,
  which: string,
  command: unknown,
  inputs: Properties,
  olds: Properties,
): Promise<Properties> {
  if (typeof command !== "string") {
    return { stdout: olds["stdout"] ?? "", stderr: olds["stderr"] ?? "" };
  }
  const connection = readConnection(inputs["connection"]);
  const redactor = new Redactor(operation.secrets);
  const output = new OutputCollector(inputs["logging"] as Logging, redactor, operation.log);
  const login = await dial(connection, operation.signal);
  try {
    const outcome = await runRemote(
      login.client,
      {
        command,
        environment: (inputs["environment"] as Record<string, string> | undefined) ?? {},
        optionalEnvironment: previousOutput(inputs, olds),
        stdin: inputs["stdin"] as string | undefined,
        warn: operation.warn,
      },
      output,
    );
    assertSuccess(outcome, `the ${which} command failed at ${addressOf(connection)}`, output);
    return output.finish();
  } finally {
    login.close();
  }
}
