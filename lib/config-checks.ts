import { domainFault } from "./domain-checks";
import { allowedNames, type Finding } from "./finding";
import { TARGETS } from "./targets";

const COMPRESSIONS = ["zstd", "gzip"];
const LONGEST_EMAIL = 254;
const LONGEST_MAILBOX = 64;

/** Finds a kind of server that does not exist. */
export function checkTarget(target: string): Finding[] {
  return checkChoice("target", target, TARGETS);
}

/** Finds a compression of image layers that does not exist. */
export function checkCompression(compression: string): Finding[] {
  return checkChoice("imageCompression", compression, COMPRESSIONS);
}

function checkChoice(key: string, value: string, choices: readonly string[]): Finding[] {
  if (choices.includes(value)) return [];
  const problem = value === "" ? "is empty" : "is not known";
  return [{ key, value, problem, next: allowedNames(value, choices) }];
}

/** Finds an e-mail address that a certificate authority would refuse. */
export function checkEmail(email: string): Finding[] {
  const finding = (problem: string, next = "allowed is a form such as admin@example.org") => [
    { key: "email", value: email, problem, next },
  ];
  if (email === "") return finding("is empty");
  const [mailbox = "", domain = "", ...rest] = email.split("@");
  const parts = mailbox.split(".");
  if (rest.length > 0 || domain === "" || !parts.every((part) => /^[A-Za-z0-9_%+-]+$/.test(part)))
    return finding("is no address");
  if (email.length > LONGEST_EMAIL || mailbox.length > LONGEST_MAILBOX)
    return finding("is too long", "allowed are 64 characters before the @ and 254 in all");
  const fault = domainFault(domain);
  if (fault === undefined) return [];
  const isForm = fault.next.startsWith("write ");
  return finding(`has a domain that ${fault.problem}`, isForm ? fault.next : undefined);
}

/** Finds a number out of range. */
export function checkWhole(key: string, value: number, least: number, most: number): Finding[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  const problem = value < least ? "is too small" : value > most ? "is too large" : "is not allowed";
  return [{ key, value, problem, next: `allowed are whole numbers from ${least} to ${most}` }];
}

/** Finds a port out of range. */
export function checkPort(key: string, port: number): Finding[] {
  const next = "allowed are whole numbers from 1 to 65535";
  return checkWhole(key, port, 1, 65535).map((finding) => ({
    ...finding,
    problem: "is no port",
    next,
  }));
}

/** Ports of the operator's machine and of the public URLs. */
export interface Ports {
  readonly publicPort: number;
  readonly localHttpPort: number;
  readonly localSshPort: number;
}

/** Finds ports out of range, one that only a local server may have, and two of a local server that are the same. */
export function checkPorts(target: string, ports: Ports): Finding[] {
  const entries = Object.entries(ports);
  const findings = entries.flatMap(([key, port]) => checkPort(key, port as number));
  if (findings.length > 0) return findings;
  if (target === "local") {
    return entries.flatMap(([key, value], index) => {
      const [other] = entries.slice(0, index).find(([, port]) => port === value) ?? [];
      return other === undefined
        ? []
        : [
            {
              key,
              value: value as number,
              problem: `is that of ${other} too`,
              next: "give each a port of its own",
            },
          ];
    });
  }
  const isElsewhere = checkTarget(target).length === 0;
  const value = ports.publicPort;
  return isElsewhere && value !== 443
    ? [{ key: "publicPort", value, problem: `is not for target ${target}`, next: "allowed is 443" }]
    : [];
}

/** Finds an address that is no https URL. */
export function checkHttpsUrl(key: string, url: string): Finding[] {
  if (URL.canParse(url) && new URL(url).protocol === "https:") return [];
  const next = "allowed is a form such as https://acme-v02.api.letsencrypt.org/directory";
  return [{ key, value: url, problem: url === "" ? "is empty" : "is no https URL", next }];
}

/** Finds versions of secrets that the application does not declare, or that are no whole number from 1. */
export function checkSecretVersions(
  versions: Readonly<Record<string, unknown>>,
  secrets?: readonly string[],
): Finding[] {
  return Object.entries(versions).flatMap(([name, version]): Finding[] => {
    const key = `secretVersions.${name}`;
    if (secrets !== undefined && !secrets.includes(name)) {
      const next = allowedNames(name, secrets);
      return [{ key, problem: "is no secret of the application", next }];
    }
    if (typeof version === "symbol") return [];
    if (Number.isInteger(version) && Number(version) >= 1) return [];
    // Anything but a number may be the secret itself, put here by mistake.
    const value = typeof version === "number" ? version : undefined;
    const next = "allowed are whole numbers from 1; a raised one makes a new value";
    return [{ key, value, problem: "is no version", next }];
  });
}

/**
 * Finds a cloud that would be worked on with stand-in plugins: they serve servers of one's own, and rehearsals against
 * simulated clouds.
 */
export function checkPlugins(
  target: string,
  environment: Readonly<Record<string, string | undefined>>,
): Finding[] {
  const isCloud = target === "droplet" || target === "ec2";
  const isRehearsal = (environment.BERTH_SIMULATOR ?? "") !== "";
  return isCloud && environment.BERTH_PLUGINS === "stand-in" && !isRehearsal
    ? [
        {
          key: "target",
          value: target,
          problem: "needs Pulumi's official plugins, and this machine has stand-ins",
          next: "run it where they can be downloaded, or rehearse it: make rehearse",
        },
      ]
    : [];
}
