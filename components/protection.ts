import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Arguments of {@link Protection}. */
export interface ProtectionArgs {
  /** Whether it refuses to be removed. */
  readonly protect: boolean;
  /** What must not go before it: components stand for all that they hold. */
  readonly everything: readonly pulumi.Resource[];
}

/**
 * Holds the stack together while its data is protected. A removal begins with what nothing depends on; a `pulumi
 * destroy --skip-preview` would so take server and address away and stop only at the volume. This depends on
 * everything and is protected, so that such a removal stops before it began.
 */
export class Protection extends pulumi.ComponentResource {
  constructor(name: string, args: ProtectionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:Protection", name, {}, opts);
    new random.RandomId(
      `${name}-of-everything`,
      { byteLength: 4 },
      { parent: this, protect: args.protect, dependsOn: [...args.everything] },
    );
    this.registerOutputs({});
  }
}
