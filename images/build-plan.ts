import type { Application, ComposeService } from "../lib/application-types";

/** An image to be built, once for all services that share it. */
export interface BuildStep {
  /** Path in the server's registry: application and first service, e.g. `battery-hub/api`. */
  readonly repository: string;
  readonly services: readonly string[];
  readonly platform: string;
  readonly build: BuildOptions;
  /** Name that plain Compose gives the image, so that both share it. */
  readonly tag: string;
}

/** What Compose says on how to build an image. */
export interface BuildOptions {
  /** Absolute path of the folder that is sent to the builder. */
  readonly context: string;
  /** Path of the Dockerfile below the context. */
  readonly dockerfile: string;
  readonly target?: string;
  /** Build arguments; null takes the value from the environment. */
  readonly args: Readonly<Record<string, string | null>>;
}

/** An image of others that the release carries along as it is. */
export interface PullStep {
  readonly repository: string;
  readonly services: readonly string[];
  readonly platform: string;
  /** Reference to pull, e.g. `redis:7`. */
  readonly reference: string;
}

/** Everything a release is made of. */
export interface BuildPlan {
  readonly platform: string;
  readonly builds: readonly BuildStep[];
  readonly pulls: readonly PullStep[];
}

/** Mirrors of package registries; a Dockerfile may take them as build arguments of the same name. */
export const MIRRORS: readonly string[] = ["PIP_INDEX_URL", "NPM_CONFIG_REGISTRY"];

/** Build secret that holds the CA bundle of the operator's network. */
export const CA_SECRET = "ca-bundle";

const BUILD_KEYS = ["context", "dockerfile", "target", "args", "platforms", "secrets"];

/**
 * Says which images an application's services need, each once.
 *
 * @param nativePlatform platform of services that name none, e.g. `linux/amd64`
 * @throws when a service's image or build can't be known beforehand, naming the service and the way out
 */
export function planBuilds(application: Application, nativePlatform: string): BuildPlan {
  const { name: app, services } = application.project;
  const groups = new Map<string, { service: ComposeService; services: string[] }>();
  for (const [name, service] of Object.entries(services).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (application.berth.services?.[name]?.mode === "omit") continue;
    const key = JSON.stringify([
      service.build ?? service.image,
      platformOf(service, nativePlatform),
    ]);
    const group = groups.get(key) ?? { service, services: [] };
    group.services.push(name);
    groups.set(key, group);
  }

  const builds: BuildStep[] = [];
  const pulls: PullStep[] = [];
  for (const { service, services: names } of groups.values()) {
    const first = names[0] ?? "";
    const shared = {
      repository: `${app}/${first}`,
      services: names,
      platform: platformOf(service, nativePlatform),
    };
    if (service.build !== undefined && service.build !== null) {
      const build = readBuild(first, service.build as Record<string, unknown>);
      builds.push({ ...shared, build, tag: service.image ?? `${app}-${first}:latest` });
    } else {
      pulls.push({ ...shared, reference: readReference(first, service.image) });
    }
  }
  return { platform: onePlatform([...builds, ...pulls]), builds, pulls };
}

function platformOf(service: ComposeService, native: string): string {
  const build = service.build as { platforms?: string[] } | undefined | null;
  const own = service.platform;
  return typeof own === "string" ? own : (build?.platforms?.[0] ?? native);
}

function onePlatform(steps: readonly { platform: string; services: readonly string[] }[]): string {
  const [first, ...others] = [...new Set(steps.map((step) => step.platform))];
  if (first === undefined)
    throw new Error("the application has no service, so there is nothing to release");
  if (others.length > 0) {
    const list = steps.map((step) => `${step.services.join(", ")}: ${step.platform}`).join("; ");
    throw new Error(
      `services are for different platforms (${list}); a server has one: give all the same`,
    );
  }
  return first;
}

function readBuild(service: string, build: Record<string, unknown>): BuildOptions {
  const unknown = Object.keys(build).filter((key) => !BUILD_KEYS.includes(key));
  if (unknown.length > 0) {
    throw new Error(
      `services.${service}.build: ${unknown.join(", ")} is not supported; supported are ${BUILD_KEYS.join(", ")}`,
    );
  }
  const secrets = (build.secrets ?? []) as { source: string }[];
  const others = secrets.map((secret) => secret.source).filter((source) => source !== CA_SECRET);
  if (others.length > 0) {
    throw new Error(
      `services.${service}.build.secrets: ${others.join(", ")} is not supported; only ${CA_SECRET} is, which berth gives`,
    );
  }
  const args = Object.fromEntries(
    Object.entries((build.args ?? {}) as Record<string, string | null>).filter(
      // Where packages are fetched from changes nothing in the image, and may hold a password.
      ([name]) => !MIRRORS.includes(name),
    ),
  );
  for (const [name, value] of Object.entries(args)) {
    refuseVariable(`services.${service}.build.args.${name}`, value);
  }
  return {
    context: build.context as string,
    dockerfile: (build.dockerfile as string | undefined) ?? "Dockerfile",
    target: build.target as string | undefined,
    args,
  };
}

function readReference(service: string, image: string | undefined): string {
  if (image === undefined) {
    throw new Error(`services.${service}: neither image nor build is given; give one`);
  }
  refuseVariable(`services.${service}.image`, image);
  return image;
}

function refuseVariable(path: string, value: string | null | undefined): void {
  if (typeof value === "string" && /\$\{|\$[A-Za-z_]/.test(value)) {
    throw new Error(
      `${path} is "${value}": a release is the same everywhere, so write the value out`,
    );
  }
}
