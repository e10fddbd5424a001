import type {
  PolicyConfigSchema,
  ResourceValidationArgs,
  ResourceValidationPolicy,
} from "@pulumi/policy";

/** What a rule over single resources is made from. */
export interface Rule {
  /** Unique name, shown beside each finding. */
  readonly name: string;
  /** What the rule demands, one sentence. */
  readonly description: string;
  /** Types that it looks at. */
  readonly types: readonly string[];
  readonly configSchema?: PolicyConfigSchema;
  /** Gives what is wrong, one sentence each, with what to do next. */
  readonly check: (resource: ResourceValidationArgs) => readonly string[];
}

/**
 * Makes a mandatory rule over single resources. The engine asks it before it takes a step, in previews and updates
 * alike; a value that only the update will know is checked there.
 */
export function rule({ name, description, types, configSchema, check }: Rule) {
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    ...(configSchema === undefined ? {} : { configSchema }),
    validateResource: (resource, report) => {
      if (!types.includes(resource.type)) return;
      for (const finding of check(resource)) report(finding);
    },
  } satisfies ResourceValidationPolicy;
}

/** Setting of the rules that a stack which gives up its data is excused from. */
export const PROTECT_DATA: PolicyConfigSchema = {
  properties: { protectData: { type: "boolean", default: true } },
};

/** Whether the stack keeps its data; true unless the pack was told otherwise. */
export function keepsData(resource: ResourceValidationArgs): boolean {
  return resource.getConfig<{ protectData?: boolean }>().protectData !== false;
}

/** Reads a value; undefined when only the update will know it. */
export function ifKnown<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isUnknownValue(error)) return undefined;
    throw error;
  }
}

/** True for the error of reading a value that only the update will know; its class is not part of the SDK's types. */
function isUnknownValue(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === "UnknownValueError";
}

/** Name of the stack that a resource belongs to. */
export function stackOf(urn: string): string {
  return urn.split("::")[0]?.split(":").at(-1) ?? "";
}
