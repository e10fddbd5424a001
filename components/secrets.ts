import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Arguments of {@link Secrets}. */
export interface SecretsArgs {
  /** The application's secrets: name -> length in characters, 40 to 72. A change makes a new value. */
  readonly secrets: Readonly<Record<string, { readonly length: number }>>;
  /** Version of each secret by name, 1 when absent. A change makes a new value of that secret alone. */
  readonly versions: Readonly<Record<string, number>>;
}

/**
 * The application's passwords and keys: letters and digits, made once, encrypted in the state. Each has its own
 * version, so one is rotated without touching another.
 */
export class Secrets extends pulumi.ComponentResource {
  /** Values by name, secret. */
  public readonly values: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:Secrets", name, {}, opts);
    this.values = Object.fromEntries(
      Object.entries(args.secrets).map(([secret, { length }]) => {
        const password = new random.RandomPassword(
          `${name}-${secret}`,
          { length, special: false, keepers: { version: String(args.versions[secret] ?? 1) } },
          { parent: this },
        );
        return [secret, pulumi.secret(password.result)];
      }),
    );
    this.registerOutputs(this.values);
  }
}
