import type { ResourceValidationArgs } from "@pulumi/policy";
import { ifKnown, rule } from "../rule";
import { DATA_TYPES } from "../types";

/** A protected resource as the state holds it before an update. */
export interface ProtectedBefore {
  readonly urn: string;
  /** Recorded arguments; those that are secret are left out. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

interface Settings {
  readonly protectData?: boolean;
  readonly protectedBefore?: readonly ProtectedBefore[];
}

// Arguments that belong to the protection itself; none of them replaces.
const GOES_WITH_PROTECTION = new Set([
  "deletionProtection",
  "skipFinalSnapshot",
  "finalSnapshotIdentifier",
  "deleteAutomatedBackups",
  "tags",
  "tagsAll",
]);

/**
 * An update that takes a protection away changes nothing else of that resource: the engine looks at the new
 * protection only, so it would replace what was protected until then.
 */
export const liftedProtection = rule({
  name: "lifted-protection",
  description: "A protection is never taken away by an update that also changes the resource.",
  types: DATA_TYPES,
  configSchema: {
    properties: {
      protectData: { type: "boolean", default: true },
      protectedBefore: { type: "array", items: { type: "object" } },
    },
  },
  check: (resource) => {
    const { protectData, protectedBefore } = resource.getConfig<Settings>();
    if (resource.opts.protect || protectData !== false) return [];
    if (protectedBefore === undefined) {
      return [
        `${resource.name} is to lose its protection, and this check was not told the state before; ` +
          "run it with the options that commands/policy.sh prints.",
      ];
    }
    const before = protectedBefore.find(({ urn }) => urn === resource.urn);
    const changed = before === undefined ? [] : changedArguments(before, resource);
    return changed.length === 0
      ? []
      : [
          `${resource.name} loses its protection in the same update that changes ${changed.join(", ")}; ` +
            "that could replace it with its data. Take these changes back, or make them in an update of their own before.",
        ];
  },
});

function changedArguments(before: ProtectedBefore, resource: ResourceValidationArgs): string[] {
  const names = new Set([...Object.keys(before.inputs), ...Object.keys(resource.props)]);
  return [...names]
    .filter((name) => !name.startsWith("__") && !GOES_WITH_PROTECTION.has(name))
    .filter((name) => !(isSecret(before.inputs[name]) || same(before.inputs[name], resource, name)))
    .sort();
}

/** A value that only the update knows counts as another one. */
function same(recorded: unknown, resource: ResourceValidationArgs, name: string): boolean {
  return ifKnown(() => canonical(recorded) === canonical(resource.props[name])) ?? false;
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "ciphertext" in value;
}

/** Text that is equal for equal values; names that begin with two underscores are the engine's own. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const parts = Object.keys(value)
    .filter((key) => !key.startsWith("__"))
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`);
  return `{${parts.join()}}`;
}
