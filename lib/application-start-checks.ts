import { declaredMode, routeTargets, type Block } from "./application-block";
import type { ComposeProject } from "./application-types";
import { listOf, mapOf, type Finding } from "./finding";

/** Finds what would keep a release from starting its services, or from seeing that they are healthy. */
export function checkStart(services: ComposeProject["services"], block: Block): Finding[] {
  return [...checkHealthChecks(services, block), ...checkRunning(services, block)];
}

/** Compose waits for the health of what runs, and gives up at once where a check is said to be none. */
function checkHealthChecks(services: ComposeProject["services"], block: Block): Finding[] {
  return Object.entries(services).flatMap(([name, { healthcheck }]): Finding[] => {
    const mode = declaredMode(block, name);
    const ends = mode === "job" || mode === "omit" || mapOf(block.migrate).service === name;
    const isDisabled = healthcheck?.disable === true || listOf(healthcheck?.test)[0] === "NONE";
    if (ends || !isDisabled) return [];
    return [
      {
        key: `services.${name}.healthcheck`,
        problem: "is switched off, and a release waits for the health of what it starts",
        next: "give it a test, or leave the key out where the image has no check either",
      },
    ];
  });
}

/** A routed service has one port on the server, and no release names a profile. */
function checkRunning(services: ComposeProject["services"], block: Block): Finding[] {
  const routed = routeTargets(block);
  const database = mapOf(block.database).service;
  return Object.entries(services).flatMap(([name, service]): Finding[] => {
    const replicas = Number(mapOf(service.deploy).replicas ?? service.scale ?? 1);
    const place = service.deploy?.replicas === undefined ? "scale" : "deploy.replicas";
    const findings: Finding[] = [];
    if (routed.includes(name) && replicas > 1) {
      findings.push({
        key: `services.${name}.${place}`,
        value: replicas,
        problem: "can't be had of a service with a route, which has one port on the server",
        next: "take it out, and let the one container have more workers",
      });
    }
    if ((routed.includes(name) || name === database) && listOf(service.profiles).length > 0) {
      findings.push({
        key: `services.${name}.profiles`,
        problem: "keeps the service from being started, as no release names a profile",
        next: "take it out",
      });
    }
    return findings;
  });
}
