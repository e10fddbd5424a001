import type { Properties } from "../provider/values";

/** Variables with the last run's output, unless they are switched off. */
export function previousOutput(inputs: Properties, olds: Properties): Record<string, string> {
  if (inputs["addPreviousOutputInEnv"] === false) return {};
  const variables = {
    PULUMI_COMMAND_STDOUT: olds["stdout"],
    PULUMI_COMMAND_STDERR: olds["stderr"],
  };
  const given = Object.entries(variables).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
  );
  return Object.fromEntries(given);
}
