import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readApplication } from "./lib/application";
import type { Application } from "./lib/application-types";
import {
  checkCompression,
  checkDomains,
  checkEmail,
  checkHttpsUrl,
  checkPlugins,
  checkPort,
  checkPublicPort,
  checkSecretVersions,
  checkTarget,
  checkUnknownKeys,
} from "./lib/config-checks";
import { publicOrigin } from "./lib/public-url";
import { readRelease, type Release } from "./lib/release-file";
import { readServerSettings, type ServerSettings, type Target } from "./lib/server-config";

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
  const { application, findings } = readApplication(join(projectRoot, config.require("app")));
  const release = readRelease(projectRoot, config.require("release"));
  const domains = config.requireObject<Record<string, string>>("domains");
  const email = config.require("email");
  const publicPort = config.requireNumber("publicPort");
  const acme = { server: config.require("acmeServer"), rootUrl: config.get("acmeRootUrl") ?? "" };
  const target = config.require("target");
  const server = readServerSettings(config, projectRoot, target);
  const secretVersions = config.requireObject<Record<string, number>>("secretVersions");
  const local = {
    httpPort: config.requireNumber("localHttpPort"),
    sshPort: config.requireNumber("localSshPort"),
  };

  const all = [
    ...checkUnknownKeys(projectRoot, pulumi.runtime.allConfig()),
    ...checkTarget(target),
    ...checkPlugins(target, process.env),
    ...findings,
    ...release.findings,
    ...checkDomains(domains, application && Object.keys(application.berth.routes)),
    ...checkEmail(email),
    ...checkPublicPort(target, publicPort),
    ...checkPort("localHttpPort", local.httpPort),
    ...checkPort("localSshPort", local.sshPort),
    ...checkHttpsUrl("acmeServer", acme.server),
    ...(acme.rootUrl === "" ? [] : checkHttpsUrl("acmeRootUrl", acme.rootUrl)),
    ...checkSecretVersions(
      secretVersions,
      application && Object.keys(application.berth.secrets ?? {}),
    ),
    ...checkCompression(config.require("imageCompression")),
    ...server.findings,
    ...checkReleaseFits(application, release.release),
  ];
  if (application === undefined || release.release === undefined || all.length > 0) {
    throw new pulumi.RunError(
      `the configuration of stack ${pulumi.getStack()} can't be used:\n${all.map((finding) => `  - ${finding}`).join("\n")}`,
    );
  }
  return {
    ...server.settings,
    projectRoot,
    stack: pulumi.getStack(),
    target: target as Target,
    serverName: `${application.project.name}-${pulumi.getStack()}`,
    application,
    release: release.release,
    domains,
    urls: mapValues(domains, (domain) => publicOrigin(domain, publicPort)),
    email,
    publicPort,
    acme,
    secretVersions,
    local,
  };
}

function checkReleaseFits(application?: Application, release?: Release): string[] {
  if (application === undefined || release === undefined) return [];
  if (release.app !== application.project.name) {
    return [`release: it is of app "${release.app}", the stack runs "${application.project.name}"`];
  }
  const missing = Object.keys(application.project.services).filter(
    (name) =>
      release.images[name] === undefined && application.berth.services?.[name]?.mode !== "omit",
  );
  return missing.map(
    (name) =>
      `release: it has no image for service "${name}"; build it again with \`make release\``,
  );
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
