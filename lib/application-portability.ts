import { environmentNames } from "./app-environment";
import { declaredMode, type Block } from "./application-block";
import type { ComposeProject, ComposeService } from "./application-types";
import { variablesOfService } from "./compose-variables";
import { allowedNames, isMap, mapOf, nearest, type Finding } from "./finding";

/** Keys of a service that name or open something on a shared server, or build there: they do not reach it. */
export const LEFT_OUT: readonly string[] = [
  "build",
  "container_name",
  "develop",
  "links",
  "network_mode",
  "networks",
  "ports",
];

// The release's own takes its place.
const OF_THE_OPERATOR = [...LEFT_OUT, "image"];

// Where a shell may have been meant.
const IN_A_COMMAND = /^(command|entrypoint|healthcheck)\b/;
const OWN_DOLLAR = "; one of the command itself is written with $$";

// Compose sets it by itself.
const OF_COMPOSE = ["COMPOSE_PROJECT_NAME"];

/** Finds what serves on the operator's machine and is missing on a server: files beside the Compose file, and variables. */
export function checkPortability(services: ComposeProject["services"], block: Block): Finding[] {
  const deployed = Object.entries(services).filter(
    ([name]) => declaredMode(block, name) !== "omit",
  );
  return [
    ...deployed.flatMap(([name, service]) => [
      ...checkMounts(name, service),
      ...checkKeys(name, service),
    ]),
    ...checkVariables(deployed, block),
  ];
}

function checkMounts(name: string, { volumes = [] }: ComposeService): Finding[] {
  return volumes
    .filter(({ type }) => type !== "volume" && type !== "tmpfs")
    .map((volume) => ({
      key: `services.${name}.volumes`,
      value: volume.source ?? volume.target,
      problem: "is of the operator's machine, which no server has",
      next: "use a named volume or put the file into the image",
    }));
}

const FILE = "is a file of the operator's machine, which no server has";
const NOT_THERE = "does not reach a server";

// Files that Compose would read or mount on the server, and ways between services that berth's two projects cut.
const NOT_PORTABLE: readonly [key: string, problem: string, next: string][] = [
  [
    "env_file",
    FILE,
    "write its variables under environment, those that are secret as ${NAME} of x-berth.secrets",
  ],
  ["label_file", FILE, "write its labels under labels"],
  [
    "secrets",
    NOT_THERE,
    "hand it over as a variable: ${NAME} under environment, NAME in x-berth.secrets",
  ],
  ["configs", NOT_THERE, "put the file into the image, or its values under environment"],
  ["volumes_from", NOT_THERE, "name the volumes in each service that uses them"],
];

function checkKeys(name: string, service: ComposeService): Finding[] {
  return NOT_PORTABLE.filter(([key]) => {
    const given = service[key];
    return Array.isArray(given) ? given.length > 0 : given !== undefined && given !== null;
  }).map(([key, problem, next]) => ({ key: `services.${name}.${key}`, problem, next }));
}

/** Compose would only warn on the server, where nobody sees it, and go on with an empty value. */
function checkVariables(services: readonly [string, ComposeService][], block: Block): Finding[] {
  if (!namesItsVariables(block)) return [];
  const known = environmentNames(block);
  const references = services.flatMap(([service, content]) =>
    variablesOfService(content, OF_THE_OPERATOR).map((one) => ({ ...one, service })),
  );
  const named = references.map(({ name }) => name);
  const unused = known.filter((name) => !named.includes(name));
  const allowed = [...known, ...OF_COMPOSE];
  const findings = new Map<string, Finding>();
  for (const { name, service, path, optional, defaultOf } of references) {
    if (allowed.includes(name) || findings.has(name)) continue;
    if (defaultOf.some((outer) => allowed.includes(outer))) continue;
    // A default does not make up for a value that berth was meant to give: one of its own, or a secret that is written
    // in another way where nothing names it.
    const isMeant = name.startsWith("BERTH_") || nearest(name, unused) !== undefined;
    if (optional && !isMeant) continue;
    findings.set(name, {
      key: `services.${service}.${path}`,
      value: name,
      problem: "is no variable that a release has",
      next: allowedNames(name, known) + (IN_A_COMMAND.test(path) ? OWN_DOLLAR : ""),
    });
  }
  return [...findings.values()];
}

/** What is missing or of the wrong form may have been meant as a variable's route or secret. */
function namesItsVariables({ routes, secrets = {} }: Block): boolean {
  return [routes, secrets].every(isMap) && Object.values(mapOf(secrets)).every(hasVariable);
}

function hasVariable(secret: unknown): boolean {
  return typeof mapOf(secret).env === "string";
}
