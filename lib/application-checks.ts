import { declaredMode, routeTargets } from "./application-block";
import { checkDatabase } from "./application-database-checks";
import { checkPortability } from "./application-portability";
import { checkStart } from "./application-start-checks";
import type { Application, ComposeProject, ServiceMode } from "./application-types";
import { allowedNames, listOf, mapOf, type Finding } from "./finding";

const OF_BERTH =
  /^(BERTH_(RELEASE|EMAIL|ORIGINS|DOMAIN_.*|URL_.*)|DB_(HOST|PORT|SSLMODE|SSLROOTCERT))$/;

// Compose takes these from the server's own environment before a release's `.env`, or as its own settings.
const OF_THE_SERVER =
  /^(PATH|HOME|USER|LOGNAME|SHELL|MAIL|PWD|OLDPWD|SHLVL|TERM|_|LANG|LANGUAGE|LC_.*|SUDO_.*|XDG_(SESSION_.*|RUNTIME_DIR|DATA_DIRS)|COMPOSE_.*|DOCKER_(HOST|CONFIG|CONTEXT|API_VERSION|CERT_PATH|TLS.*))$/;

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

/** What is checked: the block need not be of the form that its schema describes, what is not is passed over. */
export interface CheckedApplication {
  readonly project: Pick<ComposeProject, "services"> & { readonly name?: string };
  readonly berth: unknown;
}

/** Finds what the schema of `x-berth` cannot see: names that lead nowhere and services whose treatment is open. */
export function checkApplication({ project, berth }: CheckedApplication): Finding[] {
  const block = mapOf(berth);
  return [
    ...checkName(project.name),
    ...checkServiceNames(project, block),
    ...checkRoutes(block),
    ...checkSecrets(block),
    ...checkDatabase(block),
    ...checkVolumes(project, block),
    ...checkStart(project.services, block),
    ...checkPortability(project.services, block),
    ...checkRoutesOfChecks(block),
  ];
}

function checkName(name?: string): Finding[] {
  if (name === undefined || /^[a-z][a-z0-9-]{0,40}$/.test(name)) return [];
  const next = "allowed are lower case letters, digits and -, beginning with a letter, at most 41";
  return [{ key: "name", value: name, problem: "is no name of an application", next }];
}

function routesOf(block: Readonly<Record<string, unknown>>) {
  return Object.entries(mapOf(block.routes)).map(
    ([key, route]) => ({ key, ...mapOf(route) }) as const,
  );
}

function checkServiceNames(
  project: CheckedApplication["project"],
  block: Readonly<Record<string, unknown>>,
): Finding[] {
  const database = mapOf(block.database);
  const checks = mapOf(block.checks);
  const named: [string, unknown][] = [
    ...Object.entries(mapOf(block.routes)).map(([key, route]): [string, unknown] => [
      `x-berth.routes.${key}.service`,
      mapOf(route).service,
    ]),
    ...Object.keys(mapOf(block.services)).map((name): [string, unknown] => [
      `x-berth.services.${name}`,
      name,
    ]),
    ...listOf(checks.run).map((check, index): [string, unknown] => [
      `x-berth.checks.run[${index}].service`,
      mapOf(check).service,
    ]),
    ["x-berth.migrate.service", mapOf(block.migrate).service],
    ["x-berth.database.service", database.kind === "postgres" ? database.service : undefined],
    // Compose looks at these only where it starts something.
    ...Object.entries(project.services).flatMap(([name, { depends_on: dependencies = {} }]) =>
      Object.keys(dependencies).map((other): [string, unknown] => [
        `services.${name}.depends_on`,
        other,
      ]),
    ),
  ];
  const known = Object.keys(project.services);
  return named.flatMap(([key, service]) =>
    typeof service !== "string" || known.includes(service)
      ? []
      : [
          {
            key,
            value: service,
            problem: "is no service of the Compose file",
            next: allowedNames(service, known),
          },
        ],
  );
}

/** The proxy reaches a service at one port, and none that does not run. */
function checkRoutes(block: Readonly<Record<string, unknown>>): Finding[] {
  const first = new Map<unknown, { key: string; port: unknown }>();
  return routesOf(block).flatMap((route): Finding[] => {
    const { key, service, port } = route as { key: string; service?: unknown; port?: unknown };
    if (typeof service !== "string") return [];
    const findings: Finding[] = [];
    const mode = declaredMode(block, service);
    if (mode === "omit" || mode === "job") {
      findings.push({
        key: `x-berth.services.${service}.mode`,
        value: mode,
        problem: `leaves nothing running that route ${key} could lead to`,
        next: "allowed are doubled, single, stateful",
      });
    }
    const other = first.get(service);
    if (other === undefined) first.set(service, { key, port });
    else if (typeof port === "number" && typeof other.port === "number" && port !== other.port) {
      findings.push({
        key: `x-berth.routes.${key}.port`,
        value: port,
        problem: `is another than that of route ${other.key} to the same service`,
        next: `write ${other.port}, or make it a service of its own`,
      });
    }
    return findings;
  });
}

function checkSecrets(block: Readonly<Record<string, unknown>>): Finding[] {
  const first = new Map<string, string>();
  return Object.entries(mapOf(block.secrets)).flatMap(([name, secret]): Finding[] => {
    const key = `x-berth.secrets.${name}.env`;
    const { env } = mapOf(secret);
    if (typeof env !== "string") return [];
    const other = first.get(env);
    first.set(env, other ?? name);
    if (other !== undefined) {
      const problem = `is that of secret ${other} too`;
      return [{ key, problem, next: "each secret needs a variable of its own" }];
    }
    const next = "choose another";
    if (OF_BERTH.test(env))
      return [{ key, value: env, problem: "is a variable that berth sets", next }];
    if (OF_THE_SERVER.test(env)) {
      return [
        { key, value: env, problem: "is a variable of the server's shell or of Compose", next },
      ];
    }
    return [];
  });
}

function checkVolumes(
  project: CheckedApplication["project"],
  block: Readonly<Record<string, unknown>>,
): Finding[] {
  const routed = routeTargets(block);
  return Object.entries(project.services).flatMap(([name, service]): Finding[] => {
    const mounts = (service.volumes ?? []).filter((volume) => volume.type !== "tmpfs");
    const isDeclared = name in mapOf(block.services);
    if (mounts.length === 0 || routed.includes(name) || isDeclared) return [];
    return [
      {
        key: `x-berth.services.${name}.mode`,
        problem: "is missing: the service has a volume and no route, so it can't be told",
        next: "allowed are stateful (left alone by releases), single, doubled, job, omit",
      },
    ];
  });
}

function checkRoutesOfChecks(block: Readonly<Record<string, unknown>>): Finding[] {
  const known = Object.keys(mapOf(block.routes));
  return listOf(mapOf(block.checks).http).flatMap((check, index): Finding[] => {
    const { route } = mapOf(check);
    return typeof route !== "string" || known.includes(route)
      ? []
      : [
          {
            key: `x-berth.checks.http[${index}].route`,
            value: route,
            problem: "is no route",
            next: allowedNames(route, known),
          },
        ];
  });
}
