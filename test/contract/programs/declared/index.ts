import { readFileSync } from "node:fs";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

/** One resource of a contract test. */
interface Declared {
  /** A class of the SDKs, as `remote.Command`; or a type's token, which no SDK checks or filters. */
  type: string;
  name: string;
  args: unknown;
  options?: {
    dependsOn?: string[];
    deletedWith?: string;
    additionalSecretOutputs?: string[];
    ignoreChanges?: string[];
    customTimeouts?: pulumi.CustomTimeouts;
    version?: string;
  };
}

/** A resource by its type's token, which no SDK checks or filters. */
class Bare extends pulumi.CustomResource {}

type SdkClass = new (
  name: string,
  args: never,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

const sdks: Record<string, unknown> = {
  "local.Command": command.local.Command,
  "remote.Command": command.remote.Command,
  "remote.CopyToRemote": command.remote.CopyToRemote,
  ...random,
  ...tls,
};

const made: Record<string, pulumi.CustomResource> = {};

function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read);
  if (typeof value !== "object" || value === null) return value;
  const [[key, content] = ["", undefined], ...rest] = Object.entries(value);
  if (rest.length === 0) {
    if (key === "$secret") return pulumi.secret(read(content));
    if (key === "$file") return new pulumi.asset.FileAsset(content as string);
    if (key === "$text") return new pulumi.asset.StringAsset(content as string);
    if (key === "$archive") return new pulumi.asset.FileArchive(content as string);
    if (key === "$output") {
      const [name = "", output = ""] = (content as string).split(".");
      return (made[name] as unknown as Record<string, unknown>)[output];
    }
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, read(item)]));
}

function make(declared: Declared): pulumi.CustomResource {
  const { dependsOn, deletedWith, ...options } = declared.options ?? {};
  const resourceOptions: pulumi.CustomResourceOptions = {
    ...options,
    dependsOn: (dependsOn ?? []).map((name) => made[name] as pulumi.Resource),
    ...(deletedWith === undefined ? {} : { deletedWith: made[deletedWith] }),
  };
  const args = read(declared.args) as never;
  const sdk = sdks[declared.type] as SdkClass | undefined;
  return sdk === undefined
    ? new Bare(declared.type, declared.name, args, resourceOptions)
    : new sdk(declared.name, args, resourceOptions);
}

const list = JSON.parse(readFileSync("resources.json", "utf8")) as Declared[];
for (const declared of list) made[declared.name] = make(declared);
