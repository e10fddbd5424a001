import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { renderCloudInit } from "../lib/cloud-init";
import type { Connection, Server } from "../lib/remote-step";
import { renderStepInput } from "../lib/step-input";
import { HostReady } from "./host-ready";

/** Arguments of {@link LocalServer}. */
export interface LocalServerArgs {
  readonly projectRoot: string;
  /** Stack that the server belongs to; its containers, volumes and network carry it as a label. */
  readonly stack: string;
  /** Public keys of operators who may log in. */
  readonly operatorKeys: readonly string[];
  /** Port on 127.0.0.1 that reaches port 80. A change replaces the server and removes its data. */
  readonly httpPort: number;
  /** Port on 127.0.0.1 that reaches port 443. A change replaces the server and removes its data. */
  readonly httpsPort: number;
  /** Port on 127.0.0.1 that reaches SSH. A change replaces the server and removes its data. */
  readonly sshPort: number;
}

/**
 * A server on this machine: a container that boots Debian 13 with systemd and runs the same cloud-init as a cloud
 * server, and beside it a test certificate authority (Pebble) with its DNS server. It costs nothing. What it does
 * not rehearse: kernel, block devices, metadata service, public DNS.
 */
export class LocalServer extends pulumi.ComponentResource implements Server {
  public readonly connection: Connection;
  public readonly publicAddress: pulumi.Output<string>;
  public readonly dnsAddress = pulumi.output("");
  public readonly dataPath = "/srv/berth";
  public readonly dataDevice = pulumi.output("");
  public readonly machine: command.local.Command;
  public readonly steps: readonly pulumi.Resource[];
  public readonly authorizedKeys: pulumi.Output<string[]>;
  public readonly revision: pulumi.Output<string>;

  constructor(name: string, args: LocalServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:LocalServer", name, {}, opts);
    const machineName = `berth-${args.stack}`;
    const options = { parent: this };

    const key = new tls.PrivateKey(`${name}-login-key`, { algorithm: "ED25519" }, options);

    const authority = new command.local.Command(
      `${name}-authority`,
      {
        create: "machine/acme.sh",
        delete: `machine/acme-remove.sh ${machineName}`,
        stdin: renderStepInput({ NAME: machineName, STACK: args.stack }),
        logging: command.local.Logging.Stderr,
        addPreviousOutputInEnv: false,
      },
      options,
    );

    const userData = pulumi
      .all([key.publicKeyOpenssh, authority.stdout])
      .apply(([publicKey, certificate]) =>
        renderCloudInit(args.projectRoot, {
          authorizedKeys: [publicKey.trim()],
          trustedCertificates: [certificate],
        }),
      );
    const ports = { HTTP_PORT: args.httpPort, HTTPS_PORT: args.httpsPort, SSH_PORT: args.sshPort };
    this.machine = new command.local.Command(
      `${name}-machine`,
      {
        create: "machine/create.sh",
        delete: `machine/remove.sh ${machineName}`,
        stdin: userData.apply((text) =>
          renderStepInput({
            NAME: machineName,
            STACK: args.stack,
            USER_DATA: text,
            ...Object.fromEntries(
              Object.entries(ports).map(([port, value]) => [port, String(value)]),
            ),
          }),
        ),
        triggers: Object.values(ports),
        logging: command.local.Logging.Stderr,
        addPreviousOutputInEnv: false,
      },
      {
        ...options,
        dependsOn: [authority],
        deleteBeforeReplace: true,
        // As on a cloud: a server that runs is not made anew because its first boot would be another today.
        ignoreChanges: ["stdin", "create"],
      },
    );

    const hostKey = new command.local.Command(
      `${name}-host-key`,
      {
        create: `machine/host-key.sh ${machineName}`,
        logging: command.local.Logging.Stderr,
        addPreviousOutputInEnv: false,
      },
      { ...options, dependsOn: [this.machine], deletedWith: this.machine },
    );

    this.publicAddress = pulumi.output("127.0.0.1");
    this.connection = {
      host: "127.0.0.1",
      port: args.sshPort,
      user: "berth",
      privateKey: key.privateKeyOpenssh,
      hostKey: hostKey.stdout,
    };
    const ready = new HostReady(
      `${name}-ready`,
      { projectRoot: args.projectRoot, connection: this.connection, machine: this.machine },
      options,
    );
    this.steps = [ready.step];
    this.authorizedKeys = key.publicKeyOpenssh.apply((line) => [line.trim(), ...args.operatorKeys]);
    this.revision = this.machine.id;
    this.registerOutputs({ publicAddress: this.publicAddress });
  }

  /** Nothing has to be led here: the names end in `.localhost`. */
  public publish(): readonly pulumi.Resource[] {
    return [];
  }
}
