import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { TARGETS } from "./server-config";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Finds keys of this project's configuration that `Pulumi.yaml` does not declare. */
export function checkUnknownKeys(
  projectRoot: string,
  given: Readonly<Record<string, unknown>>,
): string[] {
  const project = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as {
    name: string;
    config: Record<string, unknown>;
  };
  const declared = Object.keys(project.config);
  const prefix = `${project.name}:`;
  return Object.keys(given)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .filter((key) => !declared.includes(key))
    .map((key) => {
      const near = declared.find((name) => name.toLowerCase() === key.toLowerCase());
      return `${key}: unknown key${near === undefined ? "" : `; did you mean ${near}?`}; allowed are ${declared.join(", ")}`;
    });
}

/** Finds a kind of server that does not exist. */
export function checkTarget(target: string): string[] {
  return (TARGETS as readonly string[]).includes(target)
    ? []
    : [`target: "${target}" is not known; allowed are ${TARGETS.join(", ")}`];
}

/**
 * Finds domains that no certificate can be had for, that stand twice, or whose keys are not the application's routes.
 *
 * @param routes keys of the routes, where the application could be read
 */
export function checkDomains(
  domains: Readonly<Record<string, unknown>>,
  routes?: readonly string[],
): string[] {
  const entries = Object.entries(domains);
  const findings = entries.flatMap(([key, domain]) => checkDomain(`domains.${key}`, domain));
  const seen = new Map<unknown, string>();
  for (const [key, domain] of entries) {
    const first = seen.get(domain);
    if (first === undefined) seen.set(domain, key);
    else
      findings.push(
        `domains.${key}: "${String(domain)}" is that of domains.${first} too; each route needs its own`,
      );
  }
  for (const route of routes ?? []) {
    if (!(route in domains))
      findings.push(`domains.${route}: is missing; the application has a route of that key`);
  }
  for (const [key] of routes === undefined ? [] : entries) {
    if (!routes?.includes(key)) {
      findings.push(
        `domains.${key}: the application has no such route; it has ${(routes ?? []).join(", ")}`,
      );
    }
  }
  return findings;
}

function checkDomain(key: string, domain: unknown): string[] {
  const rule = "allowed is a name such as app.example.org, lower case, at most 253 characters";
  if (typeof domain !== "string" || domain === "") return [`${key}: is empty; ${rule}`];
  if (domain.length > 253) return [`${key}: has ${String(domain.length)} characters; ${rule}`];
  if (domain.startsWith("*."))
    return [`${key}: "${domain}" is a wildcard, which the webroot challenge can't prove; ${rule}`];
  if (domain.endsWith(".")) return [`${key}: "${domain}" ends with a dot; write it without`];
  if (/[^ -~]/.test(domain))
    return [`${key}: "${domain}" has letters beyond ASCII; write its xn-- form`];
  if (domain !== domain.toLowerCase())
    return [`${key}: "${domain}" has upper case letters; write ${domain.toLowerCase()}`];
  const labels = domain.split(".");
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label)))
    return [`${key}: "${domain}" is no domain name; ${rule}`];
  return [];
}

/** Finds an e-mail address that a certificate authority would refuse. */
export function checkEmail(email: string): string[] {
  const [local = "", domain = "", ...rest] = email.split("@");
  const sound =
    rest.length === 0 &&
    /^[A-Za-z0-9._%+-]+$/.test(local) &&
    checkDomain("email", domain).length === 0;
  return sound
    ? []
    : [`email: "${email}" is no address; allowed is a form such as admin@example.org`];
}

/** Finds a port out of range. */
export function checkPort(key: string, port: number): string[] {
  return Number.isInteger(port) && port >= 1 && port <= 65535
    ? []
    : [`${key}: ${String(port)} is no port; allowed are whole numbers from 1 to 65535`];
}

/** Finds an address that is no https URL. */
export function checkHttpsUrl(key: string, url: string): string[] {
  return URL.canParse(url) && new URL(url).protocol === "https:"
    ? []
    : [
        `${key}: "${url}" is no https URL; allowed is a form such as https://acme-v02.api.letsencrypt.org/directory`,
      ];
}

/** Finds versions of secrets that the application does not declare, or that are no whole number from 1. */
export function checkSecretVersions(
  versions: Readonly<Record<string, unknown>>,
  secrets?: readonly string[],
): string[] {
  return Object.entries(versions).flatMap(([name, version]) => {
    if (secrets !== undefined && !secrets.includes(name)) {
      return [
        `secretVersions.${name}: the application has no such secret; it has ${secrets.join(", ")}`,
      ];
    }
    return Number.isInteger(version) && Number(version) >= 1
      ? []
      : [
          `secretVersions.${name}: ${String(version)} is no version; allowed are whole numbers from 1`,
        ];
  });
}

/** Finds a public port out of range, or one that only a local server may have. */
export function checkPublicPort(target: string, port: number): string[] {
  const findings = checkPort("publicPort", port);
  const isElsewhere = target !== "local" && checkTarget(target).length === 0;
  return findings.length === 0 && isElsewhere && port !== 443
    ? [`publicPort: ${port} is not allowed for target ${target}, only 443 is`]
    : findings;
}

/** Finds a compression of image layers that does not exist. */
export function checkCompression(compression: string): string[] {
  return ["zstd", "gzip"].includes(compression)
    ? []
    : [`imageCompression: "${compression}" is not known; allowed are zstd, gzip`];
}

/**
 * Finds a cloud that would be worked on with stand-in plugins: they serve servers of one's own, and rehearsals against
 * simulated clouds.
 */
export function checkPlugins(
  target: string,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const isCloud = target === "droplet" || target === "ec2";
  const isRehearsal = (environment.BERTH_SIMULATOR ?? "") !== "";
  return isCloud && environment.BERTH_PLUGINS === "stand-in" && !isRehearsal
    ? [
        `target: "${target}" needs Pulumi's official plugins, and this machine has stand-ins; run it where they can be downloaded, or rehearse it: make rehearse`,
      ]
    : [];
}
