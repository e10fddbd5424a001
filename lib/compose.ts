import { createHash } from "node:crypto";
import { DATABASE_AUTHORITY_IN_CONTAINERS } from "./app-environment";
import { routedServices, serviceMode } from "./application-checks";
import { LEFT_OUT } from "./application-portability";
import type { Application, ComposeService, ComposeVolume } from "./application-types";
import { hardenService } from "./container-hardening";
import type { Release } from "./release-file";
import { slotPort, type Slot } from "./slot-ports";

/** Where the server's own registry listens; images come from nowhere else. */
export const SERVER_REGISTRY = "127.0.0.1:5000";

/** Where a one-off container reaches the server's own proxy. */
export const PROXY_ADDRESS_IN_CONTAINERS = "host.docker.internal:443";

const JOB_PROFILE = "job";

/** What a rendered Compose file is made from. */
export interface ComposeRendering {
  readonly application: Application;
  readonly release: Release;
  /** Folder of the data volume on the server, e.g. `/srv/berth`. */
  readonly dataPath: string;
  readonly slot: Slot;
  /** PEM of the authority of the database's certificate, which containers are given; none by default. */
  readonly databaseAuthority?: string;
}

/** A Compose file for the server, as an object. */
export interface RenderedCompose {
  readonly name: string;
  readonly services: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
}

/** Name of the network that joins an application's data services and its releases. */
export function dataNetwork(app: string): string {
  return `${app}-data`;
}

/** Where the server keeps the authority of an application's database; `host/migrate.sh` puts it there. */
export function databaseAuthorityOnServer(app: string): string {
  return `/opt/${app}/database-ca.pem`;
}

/**
 * Renders the services that releases leave alone, such as the database, as a Compose project of their own.
 *
 * @param without service that is managed elsewhere; none by default
 */
export function renderDataProject(rendering: ComposeRendering, without?: string): RenderedCompose {
  const { application } = rendering;
  const app = application.project.name;
  return {
    name: `${app}-data`,
    services: renderServices(rendering, true, ["default"], without),
    networks: { default: { name: dataNetwork(app), external: true } },
  };
}

/** Renders the services of a release: those that a deploy starts anew, and its jobs. */
export function renderReleaseProject(rendering: ComposeRendering): RenderedCompose {
  const app = rendering.application.project.name;
  return {
    name: app,
    services: renderServices(rendering, false, ["default", "data"]),
    networks: { default: {}, data: { name: dataNetwork(app), external: true } },
  };
}

function renderServices(
  rendering: ComposeRendering,
  stateful: boolean,
  networks: readonly string[],
  without?: string,
): Record<string, unknown> {
  const { application } = rendering;
  const selected = Object.keys(application.project.services).filter((name) => {
    const mode = serviceMode(application, name);
    return mode !== "omit" && (mode === "stateful") === stateful && name !== without;
  });
  return Object.fromEntries(
    selected.map((name) => [name, renderService(rendering, name, selected, networks)]),
  );
}

function renderService(
  rendering: ComposeRendering,
  name: string,
  siblings: readonly string[],
  networks: readonly string[],
): ComposeService {
  const { application, release } = rendering;
  const service = application.project.services[name];
  const image = release.images[name];
  if (service === undefined || image === undefined) {
    throw new Error(
      `release ${release.id} has no image for service ${name}; build it again with \`make release\``,
    );
  }
  const kept = Object.fromEntries(
    Object.entries(service).filter(([key]) => !LEFT_OUT.includes(key)),
  );

  const mode = serviceMode(application, name);
  // A migration is over before services start, and other jobs run when they are called.
  const dependencies = Object.entries(service.depends_on ?? {}).filter(
    ([other]) => siblings.includes(other) && serviceMode(application, other) !== "job",
  );
  const hosts = application.berth.checks?.run?.some((check) => check.service === name)
    ? [...entriesOf(service.extra_hosts, ":"), "host.docker.internal:host-gateway"]
    : service.extra_hosts;
  return {
    ...kept,
    ...hardenService(service, application.berth.services?.[name]?.writable),
    image: `${SERVER_REGISTRY}/${image.repository}@${image.digest}`,
    restart: service.restart ?? (mode === "job" ? "no" : "unless-stopped"),
    // What has a profile is left out of a release's start.
    profiles: mode === "job" && !service.profiles?.length ? [JOB_PROFILE] : service.profiles,
    networks: Object.fromEntries(networks.map((network) => [network, null])),
    depends_on: dependencies.length > 0 ? Object.fromEntries(dependencies) : undefined,
    extra_hosts: hosts,
    ports: renderPorts(rendering, name),
    volumes: renderVolumes(rendering, service.volumes),
    healthcheck: mode === "stateful" ? service.healthcheck : renderHealthCheck(service.healthcheck),
    labels: renderLabels(rendering, service.labels),
  };
}

// While a service starts its health is asked each second: a deploy waits for the answer. Docker takes it with a start
// period only, and host/lib/distribution.sh leaves it out for a Docker that does not know it.
function renderHealthCheck(check: ComposeService["healthcheck"]): ComposeService["healthcheck"] {
  if (check?.start_period === undefined) return check;
  return { ...check, start_interval: check.start_interval ?? "1s" };
}

// A running container keeps the file that it was given: only another label makes Compose start it anew.
function renderLabels({ databaseAuthority }: ComposeRendering, labels: unknown): unknown {
  if (databaseAuthority === undefined) return labels;
  const hash = createHash("sha256").update(databaseAuthority).digest("hex");
  return [...entriesOf(labels, "="), `berth.database-authority=${hash}`];
}

/** What Compose takes as a map or as a list, as a list. */
function entriesOf(value: unknown, separator: string): string[] {
  if (Array.isArray(value)) return value.map(String);
  return Object.entries(value ?? {}).map(([name, text]) => `${name}${separator}${String(text)}`);
}

function renderVolumes(
  { application, dataPath, databaseAuthority }: ComposeRendering,
  volumes?: readonly ComposeVolume[],
): ComposeVolume[] | undefined {
  const app = application.project.name;
  const bound = volumes?.map((volume) => bindVolume(volume, `${dataPath}/${app}/volumes`));
  if (databaseAuthority === undefined) return bound;
  const authority = {
    type: "bind",
    source: databaseAuthorityOnServer(app),
    target: DATABASE_AUTHORITY_IN_CONTAINERS,
    read_only: true,
    // Compose would make a folder of the name where the file is missing.
    bind: { create_host_path: false },
  };
  return [...(bound ?? []), authority];
}

function renderPorts({ application, slot }: ComposeRendering, name: string): unknown[] | undefined {
  const routed = routedServices(application);
  if (!routed.includes(name)) return undefined;
  const targets = Object.values(application.berth.routes).filter((route) => route.service === name);
  const target = targets[0]?.port;
  return [
    {
      mode: "ingress",
      host_ip: "127.0.0.1",
      published: String(slotPort(slot, routed, name)),
      target,
      protocol: "tcp",
    },
  ];
}

function bindVolume(volume: ComposeVolume, folder: string): ComposeVolume {
  // One without a name holds nothing that outlives its container.
  if (volume.type !== "volume" || volume.source === undefined) return volume;
  const { volume: options, ...kept } = volume;
  return {
    ...kept,
    type: "bind",
    source: `${folder}/${volume.source}`,
    bind: { create_host_path: true },
  };
}

/** Repositories and digests to have on the server, each once, sorted. */
export function releaseImages(release: Release): { repository: string; digest: string }[] {
  const unique = new Map(
    Object.values(release.images).map((image) => [`${image.repository}@${image.digest}`, image]),
  );
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, image]) => image);
}
