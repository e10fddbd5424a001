import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { ENCRYPTED } from "./config-values";
import { allowedNames, type Finding } from "./finding";

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;
const RULE = "allowed is a name such as app.example.org, lower case, at most 253 characters";

/** What is wrong with a name, as it follows the name in a sentence, and what to do. */
type Fault = Pick<Finding, "problem" | "next">;

/**
 * Finds domains that no certificate can be had for, that stand twice, that hold another one by mistake, or whose keys
 * are not the application's routes.
 *
 * A domain below another one (`example.org` and `api.example.org`) is sound: each is a name of its own in the
 * certificate and a server block of its own in the proxy, the proxy asks browsers for HTTPS of a name without those
 * below it, and cookies are shared only where the application says so. A domain that has another one inside but not at
 * its end (`api.example.org.example.org`) is none: it lies in another zone, so that neither the records nor the
 * application's cookies would fit it.
 *
 * @param routes keys of the routes, where the application could be read
 * @param zone domain in which records are made, where it is known by its name
 */
export function checkDomains(
  domains: Readonly<Record<string, unknown>>,
  routes?: readonly string[],
  zone = "",
): Finding[] {
  const entries = Object.entries(domains);
  const findings = entries.flatMap(([key, value]) => {
    if (value === ENCRYPTED) return [];
    const fault = domainFault(value) ?? nestedFault(value as string, key, domains, zone);
    return fault === undefined ? [] : [{ key: `domains.${key}`, value, ...fault }];
  });
  return [...findings, ...checkEqual(entries), ...checkKeys(Object.keys(domains), routes)];
}

function checkEqual(entries: readonly [string, unknown][]): Finding[] {
  const first = new Map<string, string>();
  return entries.flatMap(([key, value]) => {
    if (typeof value !== "string" || value === "") return [];
    const name = canonical(value);
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, key);
      return [];
    }
    const problem = `is that of domains.${other} too`;
    return [{ key: `domains.${key}`, value, problem, next: "each route needs a name of its own" }];
  });
}

function checkKeys(given: readonly string[], routes?: readonly string[]): Finding[] {
  if (routes === undefined) return [];
  const unknown = given.filter((key) => !routes.includes(key));
  const missing = routes.filter((route) => !given.includes(route));
  return [
    ...missing.map((route) => ({
      key: `domains.${route}`,
      problem: "is missing",
      next: `give the application's route ${route} its domain`,
    })),
    ...unknown.map((key) => ({
      key: `domains.${key}`,
      problem: "is no route of the application",
      next: allowedNames(key, routes),
    })),
  ];
}

function canonical(name: string): string {
  return domainToASCII(name.replace(/\.$/, "")) || name.toLowerCase();
}

/** Says what is wrong with a domain name; undefined where nothing is. */
export function domainFault(value: unknown): Fault | undefined {
  if (value === "" || value === null) return { problem: "is empty", next: RULE };
  if (typeof value !== "string") return { problem: "is no text", next: RULE };
  const host = /^[a-z]+:\/\/([^/:]+)/i.exec(value)?.[1];
  if (host !== undefined) return { problem: "is a URL", next: `write the name alone: ${host}` };
  if (isIP(value) !== 0) return { problem: "is an address", next: RULE };
  if (/:[0-9]+$/.test(value))
    return { problem: "has a port", next: "write the name alone; the port is publicPort" };
  if (value.includes("*"))
    return { problem: "is a wildcard, which the challenge by HTTP can't prove", next: RULE };
  if (/\s/.test(value)) return { problem: "has a space", next: RULE };
  const ascii = domainToASCII(value.replace(/\.$/, ""));
  if (/[^ -~]/.test(value)) {
    return ascii === ""
      ? { problem: "has letters that no domain may have", next: RULE }
      : { problem: "has letters beyond ASCII", next: `write its xn-- form: ${ascii}` };
  }
  return plainFault(value, ascii);
}

function plainFault(value: string, ascii: string): Fault | undefined {
  if (value.endsWith(".")) return { problem: "ends with a dot", next: "write it without" };
  if (value.length > LONGEST_NAME) return { problem: `has ${value.length} characters`, next: RULE };
  if (value !== value.toLowerCase())
    return { problem: "has upper case letters", next: `write ${value.toLowerCase()}` };
  const labels = value.split(".");
  const long = labels.find((label) => label.length > LONGEST_LABEL);
  if (long !== undefined)
    return { problem: `has a part of ${long.length} characters`, next: "allowed are 63 a part" };
  if (labels.includes("")) return { problem: "has an empty part", next: "write one dot at a time" };
  if (labels.length < 2) return { problem: "has no dot", next: RULE };
  const isSound = labels.every((label) => LABEL.test(label)) && /[a-z]/.test(labels.at(-1) ?? "");
  return isSound && ascii === value ? undefined : { problem: "is no domain name", next: RULE };
}

function nestedFault(
  value: string,
  key: string,
  domains: Readonly<Record<string, unknown>>,
  zone: string,
): Fault | undefined {
  const others: [string, unknown][] = Object.entries(domains)
    .filter(([other]) => other !== key)
    .map(([other, name]) => [`domains.${other}`, name]);
  for (const [place, name] of [...others, ["zone", zone] as const]) {
    if (typeof name !== "string" || !name.includes(".")) continue;
    const at = `.${value}`.indexOf(`.${name}.`);
    if (at < 0) continue;
    const meant = value.slice(0, at + name.length);
    return {
      problem: `has ${place} (${name}) inside, but does not end with it`,
      next: `write ${meant}, or another name`,
    };
  }
  return undefined;
}
