import { isAbsolute, join } from "node:path";
import { readApplication, type ReadApplication } from "./application";
import type { Application } from "./application-types";
import {
  checkCompression,
  checkEmail,
  checkHttpsUrl,
  checkPlugins,
  checkPorts,
  checkSecretVersions,
  checkTarget,
} from "./config-checks";
import type { ConfigValues } from "./config-values";
import { checkDomains } from "./domain-checks";
import type { Finding } from "./finding";
import { readRelease, type Release } from "./release-file";
import { readServerSettings, type PlainServerSettings } from "./server-config";
import { checkSuppliedSecrets } from "./supplied-secrets";

/** What a stack is checked with. */
export interface CheckedStack {
  readonly values: ConfigValues;
  /** Folder of the Pulumi project, absolute. */
  readonly projectRoot: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What the checks read on their way, and everything that they found. */
export interface StackReport {
  readonly application?: Application;
  readonly release?: Release;
  readonly server: PlainServerSettings;
  /** About the stack's configuration. */
  readonly config: readonly Finding[];
  /** About the application's Compose file. */
  readonly compose: readonly Finding[];
}

/** Checks the configuration of a stack, the application and its release: everything that is wrong, at once. */
export function checkStack(checked: CheckedStack): StackReport {
  const { values, projectRoot } = checked;
  return checkWithApplication(checked, readApplication(join(projectRoot, values.text("app"))));
}

/** The same for an application that was read before. */
export function checkWithApplication(
  { values, projectRoot, environment }: CheckedStack,
  read: ReadApplication,
): StackReport {
  const target = values.text("target");
  const app = values.text("app");
  const { release, findings: releaseFindings } = readRelease(projectRoot, values.text("release"));
  const server = readServerSettings(values, projectRoot, target);
  const rootUrl = values.text("acmeRootUrl");
  const ports = {
    publicPort: values.number("publicPort"),
    localHttpPort: values.number("localHttpPort"),
    localSshPort: values.number("localSshPort"),
  };
  const ofApp = read.findings
    .filter(({ key }) => key === "app")
    .map((one) =>
      isAbsolute(app)
        ? { ...one, value: app, problem: "is absolute", next: "write it relative to the project" }
        : { ...one, value: app },
    );
  const config = [
    ...checkTarget(target),
    ...checkPlugins(target, environment),
    ...ofApp,
    ...releaseFindings,
    ...checkReleaseFits(read, release),
    ...checkDomains(
      values.map("domains"),
      read.names.routes,
      target === "droplet" ? values.text("zone") : "",
    ),
    ...checkEmail(values.text("email")),
    ...checkPorts(target, ports),
    ...checkHttpsUrl("acmeServer", values.text("acmeServer")),
    ...(rootUrl === "" ? [] : checkHttpsUrl("acmeRootUrl", rootUrl)),
    ...checkSecretVersions(values.map("secretVersions"), read.names.secrets),
    ...checkSuppliedSecrets(values.map("suppliedSecrets"), read.application?.berth),
    ...checkCompression(values.text("imageCompression")),
    ...server.findings,
  ];
  return {
    application: read.application,
    release,
    server: server.settings,
    config: [...values.findings, ...values.tellable(config)],
    compose: read.findings.filter(({ key }) => key !== "app"),
  };
}

function checkReleaseFits({ application, names }: ReadApplication, release?: Release): Finding[] {
  if (release === undefined || names.app === undefined) return [];
  const finding = (problem: string, next: string): Finding => ({
    key: "release",
    value: release.id,
    problem,
    next,
  });
  if (release.app !== names.app) {
    return [
      finding(
        `is of app "${release.app}", and the stack runs "${names.app}"`,
        "name a release of the app, or another app",
      ),
    ];
  }
  if (application === undefined) return [];
  return Object.keys(application.project.services)
    .filter(
      (name) =>
        release.images[name] === undefined && application.berth.services?.[name]?.mode !== "omit",
    )
    .map((name) =>
      finding(`has no image for service "${name}"`, "build it again with `make release`"),
    );
}
