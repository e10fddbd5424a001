import type { Client, ClientChannel, ExecOptions } from "ssh2";
import { askForReplies } from "./environment-request";
import { OutputCollector, type Outcome } from "./output";

/** What to run in one session. */
export interface RemoteRun {
  command: string;
  /** Variables without which the command is not run. */
  environment: Record<string, string>;
  /** Variables that the server may refuse. */
  optionalEnvironment: Record<string, string>;
  stdin: string | undefined;
  warn: (message: string) => void;
}

/** Runs a command in a session of its own and waits for its end. */
export function runRemote(
  client: Client,
  run: RemoteRun,
  output: OutputCollector,
): Promise<Outcome> {
  const env = { ...run.optionalEnvironment, ...run.environment };
  const names = Object.keys(env);
  return new Promise((resolve, reject) => {
    const lost = () => reject(new Error("the connection broke before the command ended"));
    client.once("close", lost);
    const refused = (name: string): boolean => {
      const isNeeded = Object.hasOwn(run.environment, name);
      if (isNeeded) reject(new Error(`${refusal(name)}; the command was not run`));
      else run.warn(`${refusal(name)}; set "addPreviousOutputInEnv" to false to go without it`);
      return !isNeeded;
    };
    if (names.length > 0) askForReplies(client, names.length, refused);
    const options: ExecOptions = names.length > 0 ? { env } : {};
    client.exec(run.command, options, (error, channel) => {
      if (error !== undefined) {
        reject(new Error(`the server refused to start the command: ${error.message}`));
        return;
      }
      follow(channel, output, resolve, lost);
      // A command may end without reading its input; that is its own affair.
      channel.on("error", () => undefined);
      channel.end(run.stdin ?? "");
    });
  });
}

function refusal(name: string): string {
  return (
    `the server does not accept the environment variable "${name}" (AcceptEnv in its sshd_config). ` +
    `Hand values over by stdin instead`
  );
}

function follow(
  channel: ClientChannel,
  output: OutputCollector,
  ended: (outcome: Outcome) => void,
  lost: () => void,
): void {
  let outcome: Outcome | undefined;
  channel.on("data", (chunk: Buffer) => output.stdout(chunk));
  channel.stderr.on("data", (chunk: Buffer) => output.stderr(chunk));
  channel.on("exit", (code: number | null, signal?: string) => {
    outcome = code === null ? { signal: signal ?? "unknown" } : { code };
  });
  channel.on("close", () => (outcome === undefined ? lost() : ended(outcome)));
}
