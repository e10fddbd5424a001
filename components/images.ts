import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { releaseImages } from "../lib/compose";
import type { Release } from "../lib/release-file";
import type { Server } from "../lib/remote-step";
import { renderStepInput } from "../lib/step-input";

/** Arguments of {@link Images}. */
export interface ImagesArgs {
  readonly server: Server;
  readonly release: Release;
  /** Steps that come before. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * The release's images in the server's own registry, copied from this machine with their digests through one pinned
 * SSH tunnel; layers that are there already do not travel.
 */
export class Images extends pulumi.ComponentResource {
  public readonly step: command.local.Command;

  constructor(name: string, args: ImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:Images", name, {}, opts);
    const { host, port, user, privateKey, hostKey } = args.server.connection;
    const images = releaseImages(args.release)
      .map(({ repository, digest }) => `${repository} ${digest}`)
      .join("\n");
    this.step = new command.local.Command(
      `${name}-push`,
      {
        create: "images/push.sh",
        stdin: pulumi
          .all([host, port, user, privateKey, hostKey])
          .apply(([address, sshPort, login, key, pinned]) =>
            renderStepInput({
              SSH_HOST: address,
              SSH_PORT: String(sshPort),
              SSH_USER: login,
              PRIVATE_KEY: key,
              HOST_KEY: pinned,
              IMAGES: images,
            }),
          ),
        logging: command.local.Logging.Stderr,
        addPreviousOutputInEnv: false,
      },
      {
        parent: this,
        dependsOn: [args.server.machine, ...args.after],
        deletedWith: args.server.machine,
      },
    );
    this.registerOutputs({});
  }
}
