import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parse } from "yaml";
import { digest } from "../support/application";

const root = resolve(__dirname, "../..");
const AUTHORITY = "-----BEGIN CERTIFICATE-----\nMIIBgolden\n-----END CERTIFICATE-----\n";
const OPERATOR_KEY = `ssh-ed25519 ${"A".repeat(68)}`;

type Values = Record<string, unknown>;

/** Names of all stacks that have a configuration file, of which `dev` is made by everyone. */
export function stackNames(): string[] {
  return readdirSync(root)
    .flatMap((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** Values of Pulumi.<stack>.yaml as they are written there, in their order. */
export function stackValues(stack: string): Values {
  const { config = {} } = readYaml(`Pulumi.${stack}.yaml`) as { config?: Values };
  return config;
}

/** Keys that Pulumi.yaml declares, in their order, with their types and defaults. */
export function declaredKeys(): Record<string, { type: string; default?: unknown }> {
  const { config } = readYaml("Pulumi.yaml") as {
    config: Record<string, { type: string; default?: unknown }>;
  };
  return config;
}

/**
 * The stack's configuration as the engine would hand it to the program. Only what each operator has to fill in is
 * filled in: networks, keys, and the files that are made elsewhere.
 */
export function engineConfig(stack: string, project = "berth"): Record<string, string> {
  const values: Values = {};
  for (const [key, { default: value }] of Object.entries(declaredKeys())) {
    values[`${project}:${key}`] = value;
  }
  Object.assign(values, stackValues(stack));
  const folder = mkdtempSync(join(tmpdir(), "berth-golden-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "authority.pem"), AUTHORITY);
  writeRelease(String(values[`${project}:app`]), join(folder, "release.json"));

  const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
  const replace = (key: string, value: unknown, isWanted: (old: unknown) => boolean) => {
    const name = `${project}:${key}`;
    if (isWanted(values[name])) values[name] = value;
  };
  replace("release", relative(join(root, "releases"), join(folder, "release")), () => true);
  replace("sshCidrs", ["198.51.100.0/24"], isEmpty);
  replace("operatorKeys", [OPERATOR_KEY], isEmpty);
  for (const key of ["databaseAuthority", "trustedCertificates"]) {
    replace(key, relative(root, join(folder, "authority.pem")), (old) => old !== "");
  }
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** A release that holds an image for every service of the application. */
function writeRelease(app: string, file: string): void {
  const compose = readYaml(join(app, "compose.yaml")) as { name: string; services: Values };
  const images = Object.fromEntries(
    Object.keys(compose.services).map((service) => [
      service,
      { repository: `${compose.name}/${service}`, digest: digest("a") },
    ]),
  );
  const release = { id: "0123456789ab", app: compose.name, platform: "linux/amd64", images };
  writeFileSync(file, JSON.stringify(release));
}

function readYaml(file: string): unknown {
  return parse(readFileSync(join(root, file), "utf8"), { merge: true });
}
