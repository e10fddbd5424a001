import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws/provider";
import * as ebs from "@pulumi/aws/ebs";
import * as ec2 from "@pulumi/aws/ec2";
import * as rds from "@pulumi/aws/rds";
import * as route53 from "@pulumi/aws/route53";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";

/** One resource of a test: a class of the SDK, as `ec2.Vpc`, or a type's token, which no SDK filters. */
interface Declared {
  type: string;
  name: string;
  args: unknown;
  options?: {
    provider?: string;
    dependsOn?: string[];
    deleteBeforeReplace?: boolean;
    retainOnDelete?: boolean;
  };
}

class Bare extends pulumi.CustomResource {}

type SdkClass = new (
  name: string,
  args: never,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

const sdks: Record<string, Record<string, unknown>> = { aws, ebs, ec2, rds, route53, vpc };
const made: Record<string, pulumi.CustomResource> = {};

// `$network.id` stands for an output of another resource.
function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read);
  if (typeof value === "string" && value.startsWith("$")) {
    const [name = "", output = ""] = value.slice(1).split(".");
    return (made[name] as unknown as Record<string, unknown>)[output];
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, read(item)]));
}

function asProvider(resource: unknown): pulumi.ProviderResource {
  if (resource instanceof pulumi.ProviderResource) return resource;
  throw new Error("the provider is not declared before what it serves");
}

for (const { type, name, args, options } of JSON.parse(
  readFileSync("resources.json", "utf8"),
) as Declared[]) {
  const [module = "", className = ""] = type.split(".");
  const sdk = sdks[module]?.[className] as SdkClass | undefined;
  const { provider, dependsOn, ...rest } = options ?? {};
  const resourceOptions = {
    ...rest,
    dependsOn: (dependsOn ?? []).map((other) => made[other] as pulumi.Resource),
    ...(provider === undefined ? {} : { provider: asProvider(made[provider]) }),
  };
  const given = read(args) as never;
  made[name] =
    sdk === undefined
      ? new Bare(type, name, given, resourceOptions)
      : new sdk(name, given, resourceOptions);
}
