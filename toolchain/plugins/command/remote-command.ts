import type { Operation } from "../provider/resource-handler";
import type { Properties } from "../provider/values";
import { commandHandler, type CommandRun } from "./command-handler";
import { addressOf, readConnection } from "./connection";
import { dial } from "./dial";
import { assertSuccess, OutputCollector, type Logging } from "./output";
import { previousOutput } from "./previous-output";
import { Redactor } from "./redact";
import { runRemote } from "./remote-run";

/** `command:remote:Command`: commands for create, update and delete, each in an SSH login of its own. */
export const remoteCommand = commandHandler(runOverSsh, () => []);

async function runOverSsh(
  operation: Operation,
  { which, command, inputs, olds }: CommandRun,
): Promise<Properties> {
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
