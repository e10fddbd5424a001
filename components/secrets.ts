import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SecretDeclaration } from "../lib/application-types";

/** Arguments of {@link Secrets}. */
export interface SecretsArgs {
  /** The application's secrets: name -> length in characters, 40 to 72 (a change makes a new value), or supplied. */
  readonly secrets: Readonly<Record<string, Pick<SecretDeclaration, "length" | "supplied">>>;
  /** Version of each secret by name, 1 when absent. A change makes a new value of that secret alone. */
  readonly versions: Readonly<Record<string, number>>;
  /** Values of the supplied secrets by name. @default - none is supplied */
  readonly supplied?: pulumi.Output<Readonly<Record<string, string>>>;
}

/**
 * The application's passwords and keys: letters and digits, made once, encrypted in the state. Each has its own
 * version, so one is rotated without touching another. Supplied ones are handed on as they are.
 */
export class Secrets extends pulumi.ComponentResource {
  /** Values by name, secret. */
  public readonly values: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:index:Secrets", name, {}, opts);
    this.values = Object.fromEntries(
      Object.entries(args.secrets).map(([secret, { length, supplied }]) => {
        if (supplied === true) return [secret, suppliedValue(args, secret)];
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

function suppliedValue({ supplied }: SecretsArgs, secret: string): pulumi.Output<string> {
  return pulumi.secret(pulumi.output(supplied ?? {})).apply((values) => {
    const value = values[secret];
    if (value === undefined) throw new Error(`suppliedSecrets.${secret}: is missing`);
    return value;
  });
}
