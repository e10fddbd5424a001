import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { hashFiles } from "./content-hash";
import { renderStepInput } from "./step-input";

/** How a server is logged in to: address, port, user, private key and pinned host key. */
export interface Connection {
  readonly host: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
  readonly user: pulumi.Input<string>;
  /** OpenSSH or PEM form. */
  readonly privateKey: pulumi.Input<string>;
  /** One authorized_keys line, ed25519; a server that shows another key is sent nothing. */
  readonly hostKey: pulumi.Input<string>;
}

/** A server that takes steps, whatever made it. */
export interface Server {
  readonly connection: Connection;
  /** Address that the public names lead to. */
  readonly publicAddress: pulumi.Output<string>;
  /** Folder of the data volume on the server. */
  readonly dataPath: string;
  /** The resource with which every step goes and comes again. */
  readonly machine: pulumi.Resource;
}

// 60 refused dials are about 4.4 minutes of pauses: a server that boots or restarts is waited for.
const DIAL_ERROR_LIMIT = 60;

const HOST_SCRIPTS = "/opt/berth/host";

interface StepOptions {
  readonly server: Server;
  /** Seconds until the step is ended as failed. */
  readonly timeoutSeconds: number;
  readonly parent: pulumi.Resource;
  /** Steps and resources that come before. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Arguments of {@link remoteStep}. */
export interface RemoteStepArgs extends StepOptions {
  /** Script below `host/`, e.g. `release.sh`; a change of the scripts it uses runs the step again. */
  readonly script: string;
  /** Other files and folders below `host/` that the script uses. */
  readonly uses?: readonly string[];
  /** Values for the script, on stdin. */
  readonly inputs: Readonly<Record<string, pulumi.Input<string>>>;
  readonly projectRoot: string;
}

/**
 * Makes a step on a server: one SSH login that runs a host script already there, as root, with its values on stdin.
 * It runs again when a value or a script it uses changes, and never because only time passed.
 */
export function remoteStep(name: string, args: RemoteStepArgs): command.remote.Command {
  const stdin = pulumi.output(args.inputs).apply((inputs) => renderStepInput(inputs));
  const sources = [args.script, "lib", ...(args.uses ?? [])];
  return makeCommand(name, args, {
    create: `sudo timeout ${String(args.timeoutSeconds)} ${HOST_SCRIPTS}/${args.script}`,
    stdin,
    triggers: [hashFiles(join(args.projectRoot, "host"), sources)],
  });
}

/** Arguments of {@link bootstrapStep}. */
export interface BootstrapStepArgs extends StepOptions {
  /** Absolute path of a script that travels on stdin itself, for a server that has no host scripts yet. */
  readonly scriptFile: string;
  /** Text that follows the script on stdin and that it reads to the end. */
  readonly payload?: pulumi.Input<string>;
}

/** Makes a step whose script is sent along; only for what comes before the host scripts. */
export function bootstrapStep(name: string, args: BootstrapStepArgs): command.remote.Command {
  const script = readFileSync(args.scriptFile, "utf8");
  return makeCommand(name, args, {
    create: `sudo timeout ${String(args.timeoutSeconds)} bash -s`,
    stdin: pulumi.output(args.payload ?? "").apply((payload) => script + payload),
    triggers: [],
  });
}

function makeCommand(
  name: string,
  options: StepOptions,
  args: { create: string; stdin: pulumi.Input<string>; triggers: string[] },
): command.remote.Command {
  const { host, port, user, privateKey, hostKey } = options.server.connection;
  return new command.remote.Command(
    name,
    {
      connection: { host, port, user, privateKey, hostKey, dialErrorLimit: DIAL_ERROR_LIMIT },
      ...args,
      // Scripts report on stderr; their stdout is the step's result.
      logging: command.remote.Logging.Stderr,
      addPreviousOutputInEnv: false,
    },
    {
      parent: options.parent,
      dependsOn: [options.server.machine, ...options.dependsOn],
      deletedWith: options.server.machine,
      additionalSecretOutputs: ["stdout", "stderr"],
    },
  );
}
