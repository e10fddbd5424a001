import { generateKeyPairSync } from "node:crypto";
import {
  unknownCheckingProxy,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";

/** What the SDK puts in place of a text that only the update will know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource as a policy sees it; all but its type may be left out. */
export interface Seen {
  readonly type: string;
  readonly name?: string;
  readonly props?: Record<string, unknown>;
  readonly protect?: boolean;
  /** Settings of the pack for this rule. */
  readonly settings?: object;
  /** Settings of its provider. */
  readonly provider?: Record<string, unknown>;
  /** Names of the resources that an argument is made from. */
  readonly madeFrom?: Readonly<Record<string, readonly string[]>>;
}

const proxied = unknownCheckingProxy as (props: object) => Record<string, unknown>;

/** URN of a resource of the stack `unit`. */
export function urnOf({ type, name = "it" }: Pick<Seen, "type" | "name">): string {
  return `urn:pulumi:unit::berth::${type}::${name}`;
}

/** What a rule over single resources finds. */
export async function findings(policy: ResourceValidationPolicy, seen: Seen): Promise<string[]> {
  const found: string[] = [];
  const args = {
    type: seen.type,
    name: seen.name ?? "it",
    urn: urnOf(seen),
    props: proxied(seen.props ?? {}),
    opts: { protect: seen.protect ?? false },
    getConfig: () => seen.settings ?? {},
    ...(seen.provider === undefined ? {} : { provider: { props: proxied(seen.provider) } }),
  };
  const { validateResource } = policy;
  if (typeof validateResource !== "function") throw new Error(`${policy.name} has no single check`);
  await validateResource(args as unknown as ResourceValidationArgs, (message) =>
    found.push(message),
  );
  return found;
}

/** What a rule over a whole stack finds. */
export async function stackFindings(
  policy: StackValidationPolicy,
  seen: readonly Seen[],
): Promise<string[]> {
  const found: string[] = [];
  const resources = seen.map((one) => ({
    type: one.type,
    name: one.name ?? "it",
    urn: urnOf(one),
    props: proxied(one.props ?? {}),
    propertyDependencies: new Map<string, readonly object[]>(),
  }));
  seen.forEach(({ madeFrom = {} }, index) => {
    for (const [argument, names] of Object.entries(madeFrom)) {
      const sources = resources.filter(({ name }) => names.includes(name));
      resources[index]!.propertyDependencies.set(argument, sources);
    }
  });
  const given = resources.map(({ propertyDependencies, ...one }) => ({
    ...one,
    propertyDependencies: Object.fromEntries(propertyDependencies),
  }));
  await policy.validateStack({ resources: given } as never, (message) => found.push(message));
  return found;
}

/** A new private key in PEM. */
export function privateKey(kind: "ecdsa" | "ed25519"): string {
  const { privateKey: key } =
    kind === "ecdsa"
      ? generateKeyPairSync("ec", { namedCurve: "prime256v1" })
      : generateKeyPairSync("ed25519");
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
