import { isIPv4 } from "node:net";
import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { Settings } from "../config";
import { bootstrapStep, type Connection, type Server } from "../lib/remote-step";

const TIMEOUT_SECONDS = 900;

/** Arguments of {@link ExistingServer}. */
export interface ExistingServerArgs {
  readonly settings: Settings;
  /** What has to pass before the server is touched. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * A Debian or Ubuntu server that is there already. The first login, with a key of the operator's, makes the user
 * `berth`; every later one uses the stack's own key. Removing the stack leaves the server as it is.
 */
export class ExistingServer extends pulumi.ComponentResource implements Server {
  public readonly connection: Connection;
  public readonly publicAddress: pulumi.Output<string>;
  public readonly dnsAddress: pulumi.Output<string>;
  public readonly dataPath = "/srv/berth";
  public readonly dataDevice = pulumi.output("");
  public readonly machine: command.remote.Command;
  public readonly steps: readonly pulumi.Resource[];
  public readonly authorizedKeys: pulumi.Output<string[]>;
  public readonly revision: pulumi.Output<string>;

  constructor(name: string, args: ExistingServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:ExistingServer", name, {}, opts);
    const { settings } = args;
    const { address, port, user, hostKey, privateKey } = settings.existing;
    const key = new tls.PrivateKey(`${name}-login-key`, { algorithm: "ED25519" }, { parent: this });
    this.authorizedKeys = key.publicKeyOpenssh.apply((line) => [
      line.trim(),
      ...settings.operatorKeys,
    ]);
    this.machine = bootstrapStep(`${name}-adopt`, {
      connection: { host: address, port, user, privateKey, hostKey },
      scriptFile: `${settings.projectRoot}/host/adopt.sh`,
      inputs: {
        AUTHORIZED_KEYS: this.authorizedKeys.apply((keys) => keys.join("\n")),
        ADOPT_FROM: settings.existing.adoptFrom,
      },
      timeoutSeconds: TIMEOUT_SECONDS,
      once: true,
      parent: this,
      dependsOn: args.after,
    });
    this.connection = {
      host: address,
      port,
      user: "berth",
      privateKey: key.privateKeyOpenssh,
      hostKey,
    };
    this.publicAddress = pulumi.output(address);
    this.dnsAddress = pulumi.output(isIPv4(address) ? address : "");
    this.steps = [this.machine];
    this.revision = this.machine.id;
    this.registerOutputs({ publicAddress: this.publicAddress });
  }

  /** Nothing has to be led here: the server has its address, and its records are the operator's. */
  public publish(): readonly pulumi.Resource[] {
    return [];
  }
}
