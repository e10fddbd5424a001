import * as pulumi from "@pulumi/pulumi";
import ssh2 from "ssh2";
import aws from "../../simulator/aws/schema.json";
import digitalocean from "../../simulator/digitalocean/schema.json";
import command from "../../toolchain/plugins/schema/command.json";
import random from "../../toolchain/plugins/schema/random.json";
import tls from "../../toolchain/plugins/schema/tls.json";
import type { Field, PluginTable } from "../../toolchain/plugins/provider/schema";
import type { MockedOutputs } from "../support/recording-mocks";

const tables = [aws, digitalocean, command, random, tls] as unknown as PluginTable[];
const types = Object.assign({}, ...tables.map((table) => table.types)) as PluginTable["types"];
const resources = Object.assign(
  {},
  ...tables.map((table) => table.resources),
) as PluginTable["resources"];

/** Outputs as the providers of the stacks would give them: a text that names them, or what its readers demand. */
export function providerOutputs(): MockedOutputs {
  const outputs = Object.entries(resources).map(([type, { outputs }]) => [
    type,
    (inputs: Record<string, unknown>, name: string) =>
      Object.fromEntries(
        Object.entries(outputs)
          .filter(([output]) => !(output in inputs))
          .map(([output, field]) => [output, sample(field, output, name)]),
      ),
  ]);
  const providers = tables.map(({ name }) => [`pulumi:providers:${name}`, () => ({})]);
  return {
    ...(Object.fromEntries([...outputs, ...providers]) as MockedOutputs),
    "tls:index/privateKey:PrivateKey": ({ algorithm }) => keyPair(String(algorithm)),
  };
}

/** Given arguments whose change replaces a resource, those that it ignores left out. */
export function replacingArguments(
  type: string,
  inputs: Readonly<Record<string, unknown>>,
  ignored: readonly string[],
): string[] {
  const fields = resources[type]?.inputs ?? {};
  return Object.entries(inputs)
    .filter(([name]) => !ignored.includes(name))
    .flatMap(([name, value]) => replacingParts(name, fields[name], value))
    .sort();
}

/** The argument itself, or the parts of it that are given and replace. */
function replacingParts(path: string, field: Field | undefined, value: unknown): string[] {
  if (field?.replaces === true) return [path];
  const parts = types[field?.type ?? ""]?.fields;
  if (parts === undefined || typeof value !== "object" || value === null) return [];
  return Object.keys(value)
    .filter((name) => parts[name]?.replaces === true)
    .map((name) => `${path}.${name}`);
}

function sample(field: Field, output: string, name: string): unknown {
  switch (field.type) {
    case "string":
      // Steps answer in JSON; a certificate step's names the root.
      return output === "stdout" ? pulumi.secret('{"root":""}') : `${output} of ${name}`;
    case "integer":
    case "number":
      return 1;
    case "boolean":
      return false;
    default:
      return field.type.endsWith("[]") ? [] : undefined;
  }
}

/** A real key pair, as its size counts in user data. */
function keyPair(algorithm: string): Record<string, unknown> {
  const kind = algorithm === "ECDSA" ? "ecdsa" : "ed25519";
  const made = ssh2.utils.generateKeyPairSync(kind, kind === "ecdsa" ? { bits: 256 } : {});
  return {
    privateKeyOpenssh: pulumi.secret(made.private),
    privateKeyPem: pulumi.secret(made.private),
    publicKeyOpenssh: `${made.public}\n`,
  };
}
