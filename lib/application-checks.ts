import type { Application, ServiceMode } from "./application-types";

/** Says how releases treat a service: as `x-berth` says, else doubled when it is routed, else single. */
export function serviceMode(application: Application, service: string): ServiceMode {
  const declared = application.berth.services?.[service]?.mode;
  if (declared !== undefined) return declared;
  if (application.berth.migrate?.service === service) return "job";
  return routedServices(application).includes(service) ? "doubled" : "single";
}

/** Services that a route leads to, each once, in the order of the routes. */
export function routedServices(application: Application): string[] {
  return [...new Set(Object.values(application.berth.routes).map((route) => route.service))];
}

/** Finds what the schema of `x-berth` cannot see: names that lead nowhere and services whose treatment is open. */
export function checkApplication(application: Application): string[] {
  return [
    ...checkServiceNames(application),
    ...checkSecretNames(application),
    ...checkVolumes(application),
    ...checkRoutesOfChecks(application),
  ];
}

function checkServiceNames({ project, berth }: Application): string[] {
  const named: [string, string | undefined][] = [
    ...Object.entries(berth.routes).map(([key, r]): [string, string] => [
      `routes.${key}.service`,
      r.service,
    ]),
    ...Object.keys(berth.services ?? {}).map((name): [string, string] => [
      `services.${name}`,
      name,
    ]),
    ...(berth.checks?.run ?? []).map((c, i): [string, string] => [
      `checks.run[${String(i)}].service`,
      c.service,
    ]),
    ["migrate.service", berth.migrate?.service],
    ["database.service", berth.database?.kind === "postgres" ? berth.database.service : undefined],
  ];
  const known = Object.keys(project.services);
  return named
    .filter(([, service]) => service !== undefined && !known.includes(service))
    .map(
      ([key, service]) =>
        `x-berth.${key}: there is no Compose service "${String(service)}"; there are ${known.join(", ")}`,
    );
}

function checkSecretNames({ berth }: Application): string[] {
  const known = Object.keys(berth.secrets ?? {});
  const named: [string, string][] = [];
  if (berth.database?.kind === "postgres") {
    named.push(["database.admin.secret", berth.database.admin.secret]);
    for (const [role, { secret }] of Object.entries(berth.database.roles)) {
      named.push([`database.roles.${role}.secret`, secret]);
    }
  }
  const findings = named
    .filter(([, secret]) => !known.includes(secret))
    .map(
      ([key, secret]) =>
        `x-berth.${key}: there is no secret "${secret}"; there are ${known.join(", ")}`,
    );
  const variables = Object.entries(berth.secrets ?? {}).map(([, { env }]) => env);
  const repeated = [...new Set(variables.filter((env, i) => variables.indexOf(env) !== i))];
  return [
    ...findings,
    ...repeated.map(
      (env) => `x-berth.secrets: variable ${env} is given to two secrets; each needs its own`,
    ),
  ];
}

function checkVolumes(application: Application): string[] {
  const routed = routedServices(application);
  return Object.entries(application.project.services).flatMap(([name, service]) => {
    const mounts = (service.volumes ?? []).filter((volume) => volume.type !== "tmpfs");
    const findings = mounts
      .filter((volume) => volume.type !== "volume")
      .map(
        (volume) =>
          `services.${name}: mounts ${volume.source ?? volume.target} of the operator's machine, which no server has; use a named volume or put the file into the image`,
      );
    const declared = application.berth.services?.[name] !== undefined;
    if (mounts.length > 0 && !routed.includes(name) && !declared) {
      findings.push(
        `x-berth.services.${name}: has a volume and no route, so its mode must be said: stateful (left alone by releases), single, doubled, job or omit`,
      );
    }
    return findings;
  });
}

function checkRoutesOfChecks({ berth }: Application): string[] {
  const known = Object.keys(berth.routes);
  return (berth.checks?.http ?? [])
    .filter((check) => !known.includes(check.route))
    .map(
      (check) =>
        `x-berth.checks.http: there is no route "${check.route}"; there are ${known.join(", ")}`,
    );
}
