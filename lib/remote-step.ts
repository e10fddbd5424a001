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
  readonly user: string;
  /** OpenSSH or PEM form. */
  readonly privateKey: pulumi.Input<string>;
  /** One authorized_keys line; a server that shows another key is sent nothing. */
  readonly hostKey: pulumi.Input<string>;
}

/** A server that takes steps, whatever made it. */
export interface Server {
  /** Login as `berth`, the server's own ed25519 key pinned. */
  readonly connection: Connection;
  /** Address that the public names lead to. */
  readonly publicAddress: pulumi.Output<string>;
  /** Address that the public names have to lead to before a certificate is asked for; empty where nobody looks. */
  readonly dnsAddress: pulumi.Output<string>;
  /** Folder of the data volume on the server. */
  readonly dataPath: string;
  /** Device of the data volume on the server; empty where it is an ordinary folder. */
  readonly dataDevice: pulumi.Output<string>;
  /** What attaches the data volume; before it goes, the server has to let go of the volume. */
  readonly attachment?: pulumi.CustomResource;
  /** The resource with which every step goes and comes again. */
  readonly machine: pulumi.Resource;
  /** What comes before the host scripts. */
  readonly steps: readonly pulumi.Resource[];
  /** Public keys that may log in as `berth`, the stack's own included. */
  readonly authorizedKeys: pulumi.Output<string[]>;
  /** Differs after the machine was resized or rebuilt, so that the checks run again. */
  readonly revision: pulumi.Output<string>;
  /** Leads the public address and names to this server, once `after` is done. */
  publish(after: readonly pulumi.Resource[]): readonly pulumi.Resource[];
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
  return makeCommand(
    name,
    args.server.connection,
    {
      create: `sudo timeout ${String(args.timeoutSeconds)} ${HOST_SCRIPTS}/${args.script}`,
      stdin,
      triggers: [hashFiles(join(args.projectRoot, "host"), sources)],
    },
    {
      parent: args.parent,
      dependsOn: [args.server.machine, ...args.dependsOn],
      deletedWith: args.server.machine,
    },
  );
}

/** Arguments of {@link bootstrapStep}. */
export interface BootstrapStepArgs {
  readonly connection: Connection;
  /** The machine with which the step goes; none where the machine is not ours. */
  readonly machine?: pulumi.Resource;
  /** Seconds until the step is ended as failed. */
  readonly timeoutSeconds: number;
  /** Absolute path of a script that travels on stdin itself, for a server that has no host scripts yet. */
  readonly scriptFile: string;
  /** Values that follow the script on stdin. */
  readonly inputs?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Base64 of a tar, the last of the values, as `ARCHIVE`. */
  readonly archive?: pulumi.Input<string>;
  /** A change of one of these runs the step again. */
  readonly triggers?: readonly pulumi.Input<string>[];
  /** Whether it runs once for its machine, whatever differs later. */
  readonly once?: boolean;
  readonly parent: pulumi.Resource;
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Makes a step whose script is sent along; only for what comes before the host scripts. */
export function bootstrapStep(name: string, args: BootstrapStepArgs): command.remote.Command {
  const script = readFileSync(args.scriptFile, "utf8");
  const run = `timeout ${String(args.timeoutSeconds)} bash -s`;
  return makeCommand(
    name,
    args.connection,
    {
      create: args.connection.user === "root" ? run : `sudo ${run}`,
      stdin: pulumi
        .all([pulumi.output(args.inputs ?? {}), args.archive])
        .apply(([inputs, archive]) =>
          [
            script,
            renderStepInput(inputs),
            archive === undefined ? "" : `ARCHIVE=${archive}\n`,
          ].join(""),
        ),
      triggers: [...(args.triggers ?? [])],
    },
    {
      parent: args.parent,
      dependsOn: [...(args.machine === undefined ? [] : [args.machine]), ...args.dependsOn],
      deletedWith: args.machine,
      ignoreChanges: args.once === true ? ["connection", "create", "stdin"] : [],
    },
  );
}

/**
 * Makes a step that runs only when its trigger is replaced: a host script on the server as it was before. It logs in
 * nowhere while it is made.
 */
export function farewellStep(
  name: string,
  args: StepOptions & { readonly script: string; readonly trigger: pulumi.Input<string> },
): command.remote.Command {
  return makeCommand(
    name,
    args.server.connection,
    {
      delete: `sudo timeout ${String(args.timeoutSeconds)} ${HOST_SCRIPTS}/${args.script}`,
      triggers: [args.trigger],
    },
    {
      parent: args.parent,
      dependsOn: [args.server.machine, ...args.dependsOn],
      deletedWith: args.server.machine,
      deleteBeforeReplace: true,
    },
  );
}

function makeCommand(
  name: string,
  { host, port, user, privateKey, hostKey }: Connection,
  args: {
    create?: string;
    delete?: string;
    stdin?: pulumi.Input<string>;
    triggers: pulumi.Input<string>[];
  },
  options: pulumi.CustomResourceOptions,
): command.remote.Command {
  return new command.remote.Command(
    name,
    {
      connection: { host, port, user, privateKey, hostKey, dialErrorLimit: DIAL_ERROR_LIMIT },
      ...args,
      // Scripts report on stderr; their stdout is the step's result.
      logging: command.remote.Logging.Stderr,
      addPreviousOutputInEnv: false,
    },
    { ...options, additionalSecretOutputs: ["stdout", "stderr"] },
  );
}
