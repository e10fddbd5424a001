import * as pulumi from "@pulumi/pulumi";
import type { Application } from "./lib/application-types";
import { ConfigValues, readDeclaredKeys, topKey, type DeclaredKeys } from "./lib/config-values";
import type { Finding } from "./lib/finding";
import { renderReport } from "./lib/findings-report";
import { publicOrigin } from "./lib/public-url";
import type { Release } from "./lib/release-file";
import type { ServerSettings } from "./lib/server-config";
import { checkStack } from "./lib/stack-checks";
import type { Target } from "./lib/targets";

/** Everything a stack is made from, typed and checked. */
export interface Settings extends ServerSettings {
  /** Folder of the Pulumi project, absolute. */
  readonly projectRoot: string;
  /** Name of the stack; it names the local server and labels what belongs to it. */
  readonly stack: string;
  readonly target: Target;
  /** Name of what a cloud holds for this application and stack, e.g. `battery-hub-prod`. */
  readonly serverName: string;
  readonly application: Application;
  readonly release: Release;
  /** Domain of each route by its key. */
  readonly domains: Readonly<Record<string, string>>;
  /** Public https URL of each route by its key. */
  readonly urls: Readonly<Record<string, string>>;
  readonly email: string;
  readonly publicPort: number;
  readonly acme: { readonly server: string; readonly rootUrl: string };
  readonly secretVersions: Readonly<Record<string, number>>;
  /** Values of the secrets that the application does not have made, by name. */
  readonly suppliedSecrets: pulumi.Output<Readonly<Record<string, string>>>;
  readonly local: { readonly httpPort: number; readonly sshPort: number };
}

/**
 * Reads the stack's configuration, the application and its release.
 *
 * @throws one error that holds every finding; no value of a secret is in it.
 */
export function loadSettings(): Settings {
  const config = new pulumi.Config();
  const projectRoot = __dirname;
  const stack = pulumi.getStack();
  const declared = readDeclaredKeys(projectRoot);
  const values = new ConfigValues(declared, engineValues(declared));
  const report = checkStack({ values, projectRoot, environment: process.env });
  const { application, release, server } = report;
  if (
    application === undefined ||
    release === undefined ||
    report.config.length + report.compose.length > 0
  ) {
    throw new pulumi.RunError(
      renderReport(stack, [
        { file: `Pulumi.${stack}.yaml`, findings: report.config.map(withoutSecret) },
        { file: `${values.text("app")}/compose.yaml`, findings: report.compose },
      ]),
    );
  }
  const domains = values.map("domains") as Record<string, string>;
  const publicPort = values.number("publicPort");
  return {
    ...server,
    existing: { ...server.existing, privateKey: config.requireSecret("existingServerKey") },
    projectRoot,
    stack,
    target: values.text("target") as Target,
    serverName: `${application.project.name}-${stack}`,
    application,
    release,
    domains,
    urls: mapValues(domains, (domain) => publicOrigin(domain, publicPort)),
    email: values.text("email"),
    publicPort,
    acme: { server: values.text("acmeServer"), rootUrl: values.text("acmeRootUrl") },
    secretVersions: values.map("secretVersions") as Record<string, number>,
    suppliedSecrets: pulumi.secret(values.map("suppliedSecrets") as Record<string, string>),
    local: { httpPort: values.number("localHttpPort"), sshPort: values.number("localSshPort") },
  };
}

/** What the engine hands over: texts, of which maps and lists are JSON; the types were looked at before. */
function engineValues({ keys }: DeclaredKeys): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  const given: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(pulumi.runtime.allConfig())) {
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    given[key] = ["object", "array"].includes(keys[key]?.type ?? "") ? fromJson(text) : text;
  }
  return given;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Keys that the engine decrypted, as it tells the program. */
function secretKeys(): string[] {
  const text = process.env.PULUMI_CONFIG_SECRET_KEYS ?? "";
  return text === "" ? [] : (JSON.parse(text) as string[]);
}

/** Of a value that the stack keeps as a secret only the key is told. */
function withoutSecret(finding: Finding): Finding {
  const key = topKey(finding.key);
  if (finding.value === undefined || !secretKeys().includes(`${pulumi.getProject()}:${key}`)) {
    return finding;
  }
  const next = "set it without --secret to be told what is wrong";
  return { key, problem: "can't be used, and is a secret, so that it is not shown", next };
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
