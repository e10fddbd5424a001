import { readFileSync } from "node:fs";
import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";

/** One resource of a test: a class of the SDK, as `Droplet`, or a type's token, which no SDK filters. */
interface Declared {
  type: string;
  name: string;
  args: unknown;
  options?: pulumi.CustomResourceOptions & { after?: string[] };
}

class Bare extends pulumi.CustomResource {}

type SdkClass = new (
  name: string,
  args: never,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

const sdk = digitalocean as unknown as Record<string, SdkClass | undefined>;
const made: Record<string, pulumi.CustomResource> = {};

// `$web.id` stands for an output of another resource, `#web.id` for that output as a number.
function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read);
  if (typeof value === "string" && /^[$#]\w+\.\w+$/.test(value)) {
    const [name = "", output = ""] = value.slice(1).split(".");
    const found = (made[name] as unknown as Record<string, pulumi.Output<unknown>>)[output];
    return value.startsWith("#") ? found?.apply(Number) : found;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, read(item)]));
}

for (const { type, name, args, options } of JSON.parse(
  readFileSync("resources.json", "utf8"),
) as Declared[]) {
  const { after, ...rest } = options ?? {};
  const resourceOptions = {
    ...rest,
    dependsOn: (after ?? []).map((other) => made[other] as pulumi.Resource),
  };
  const Type = sdk[type];
  made[name] =
    Type === undefined
      ? new Bare(type, name, read(args) as never, resourceOptions)
      : new Type(name, read(args) as never, resourceOptions);
}
