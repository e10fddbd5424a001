import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./machine";

const NAMES = [
  "NODE_VERSION",
  "GO_VERSION",
  "PULUMI_CLI_VERSION",
  "PULUMI_LANGUAGE_HOST_VERSION",
  "PULUMI_COMMAND_VERSION",
  "PULUMI_RANDOM_VERSION",
  "PULUMI_TLS_VERSION",
  "COMPOSE_VERSION",
  "BUILDX_VERSION",
  "ACTIONLINT_VERSION",
  "ZIZMOR_VERSION",
] as const;

/** What `toolchain/versions.env` says. */
export const versions = read();

function read(): Record<(typeof NAMES)[number], string> {
  const text = readFileSync(join(projectRoot, "toolchain/versions.env"), "utf8");
  const found = [...text.matchAll(/^([A-Z_]+)=(\S+)$/gm)].map((match) => [match[1], match[2]]);
  const values = Object.fromEntries(found) as Record<string, string>;
  const missing = NAMES.filter((name) => !(name in values));
  if (missing.length > 0) throw new Error(`versions.env has no ${missing.join(", ")}`);
  return values;
}
