import type { ComposeService } from "./application-types";

/** Memory of a container whose service names no limit. */
export const DEFAULT_MEMORY = "1g";

/** Processes and threads of a container whose service names no limit. */
export const DEFAULT_PIDS = 512;

/**
 * What a container may not do where its service does not say: no capability, no gain of rights, a root file system that is
 * read-only with a `/tmp` in memory, 1 GB of memory and 512 processes. What Compose says wins: `cap_drop` (with any entry),
 * `security_opt`, `privileged`, `deploy.resources.limits` and its older forms; `cap_add` adds to none.
 *
 * @param writable keeps the root file system writable; Compose's own `read_only: false` does not outlive its rendering
 */
export function hardenService(service: ComposeService, writable = false): Partial<ComposeService> {
  const readOnly = service.read_only ?? !writable;
  return {
    read_only: readOnly,
    cap_drop: service.cap_drop ?? (service.privileged === true ? undefined : ["ALL"]),
    security_opt: withoutNewPrivileges(service.security_opt ?? []),
    tmpfs: readOnly ? withTmp(service) : service.tmpfs,
    deploy: withLimits(service),
  };
}

function withoutNewPrivileges(options: readonly string[]): readonly string[] {
  const said = options.some((option) => option.startsWith("no-new-privileges"));
  return said ? options : [...options, "no-new-privileges:true"];
}

function withTmp({ tmpfs = [], volumes = [] }: ComposeService): readonly string[] {
  const mounted = typeof tmpfs === "string" ? [tmpfs] : tmpfs;
  const said =
    mounted.some((mount) => mount.split(":")[0] === "/tmp") ||
    volumes.some((volume) => volume.target === "/tmp");
  return said ? mounted : [...mounted, "/tmp"];
}

function withLimits({ deploy, mem_limit, pids_limit }: ComposeService): ComposeService["deploy"] {
  const limits = {
    ...(mem_limit === undefined ? { memory: DEFAULT_MEMORY } : {}),
    ...(pids_limit === undefined ? { pids: DEFAULT_PIDS } : {}),
    ...deploy?.resources?.limits,
  };
  if (Object.keys(limits).length === 0) return deploy;
  return { ...deploy, resources: { ...deploy?.resources, limits } };
}
