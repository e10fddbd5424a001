import { paint, type Target } from "./engine/display";

const LEAST_FREE_BYTES = 5e9;
const LEAST_CERTIFICATE_DAYS = 14;
const DAY_SECONDS = 86_400;

interface Container {
  readonly project: string;
  readonly service: string;
  readonly state: string;
  readonly status: string;
}

/** What `host/status.sh` prints. */
export interface ServerStatus {
  readonly system: string;
  readonly upSeconds: number;
  readonly restart: boolean;
  readonly apps: readonly {
    readonly name: string;
    readonly release: string;
    readonly revision: string;
    readonly lease: string;
    readonly certificate: { notAfter: string; seconds: number; issuer: string } | null;
  }[];
  readonly containers: readonly Container[];
  readonly disks: readonly { path: string; size: number; free: number }[];
}

/** An entry of `pulumi stack history --json`. */
interface Update {
  readonly kind: string;
  readonly startTime: string;
  readonly result: string;
  readonly resourceChanges?: Readonly<Record<string, number>>;
}

/** Everything that a status is made of. */
export interface Gathered {
  readonly stack: string;
  /** Exit code of the login. */
  readonly login: number;
  /** What the login said on stderr. */
  readonly error: string;
  readonly history?: readonly Update[];
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly server?: ServerStatus;
  readonly now: Date;
}

/** One line of a status. */
export interface StatusLine {
  readonly name: string;
  readonly text: string;
  readonly well: boolean;
}

/** A status as programs read it. */
export interface StatusReport {
  readonly stack: string;
  /** 0 all is well, 1 something is not, 3 the stack is not up, 4 the server can't be reached. */
  readonly exitCode: number;
  readonly urls: Readonly<Record<string, string>>;
  readonly lines: readonly StatusLine[];
  readonly lastUpdate?: Update;
  readonly server?: ServerStatus;
}

/** Judges what was gathered. */
export function describeStatus(gathered: Gathered): StatusReport {
  const { stack, outputs = {}, server, now } = gathered;
  const lastUpdate = gathered.history?.[0];
  const urls = (outputs.urls ?? {}) as Record<string, string>;
  const lines: StatusLine[] = [];
  const add = (name: string, text: string, well = true): void =>
    void lines.push({ name, text, well });

  const wasUp = outputs.serverAddress !== undefined;
  let exitCode = 0;
  if (server !== undefined) describeServer(server, String(outputs.serverAddress), add);
  else if (!wasUp) {
    exitCode = 3;
    add("stack", `it is not up; next: make up STACK=${stack}`, false);
  } else {
    exitCode = 4;
    add("server", `${String(outputs.serverAddress)} ${explain(gathered)}`, false);
    add("release", `${String(outputs.release)} by the last up; whether it serves is not known`);
  }
  if (lastUpdate !== undefined) {
    const changes = Object.entries(lastUpdate.resourceChanges ?? {})
      .filter(([operation]) => operation !== "same")
      .map(([operation, count]) => `${count} ${operation}`)
      .join(", ");
    const well = lastUpdate.result === "succeeded";
    add(
      `last ${lastUpdate.kind === "update" ? "up" : lastUpdate.kind}`,
      `${ago(lastUpdate.startTime, now)}: ${lastUpdate.result}${changes === "" ? ", no changes" : `, ${changes}`}`,
      well,
    );
  }
  if (exitCode === 0 && lines.some(({ well }) => !well)) exitCode = 1;
  return { stack, exitCode, urls, lines, lastUpdate, server };
}

type Add = (name: string, text: string, well?: boolean) => void;

function describeServer(server: ServerStatus, address: string, add: Add): void {
  const restart = server.restart ? "; an update waits for a restart" : "";
  add("server", `${address}, ${server.system}, up ${duration(server.upSeconds)}${restart}`);
  if (server.apps.length === 0) add("release", "none serves yet", false);
  for (const { name, release, revision, lease, certificate } of server.apps) {
    const several = server.apps.length > 1 ? `${name} ` : "";
    const schema = revision === "" ? "" : `, schema at revision ${revision}`;
    const under = lease === "" ? "" : `; ${lease} is under way`;
    add("release", `${several}${release}${schema}${under}`);
    if (certificate === null) add("certificate", `${several}none yet`, false);
    else {
      const days = Math.floor(certificate.seconds / DAY_SECONDS);
      const left = days < 0 ? "expired" : `${days} days left`;
      const until = certificate.notAfter.slice(0, 10);
      add(
        "certificate",
        `${several}${left}, until ${until}, by ${certificate.issuer}`,
        days >= LEAST_CERTIFICATE_DAYS,
      );
    }
  }
  const ill = server.containers.filter((container) => !isHealthy(container));
  const names = server.containers.map(({ service }) => service).join(", ");
  const count = `${server.containers.length - ill.length} of ${server.containers.length} healthy`;
  add(
    "containers",
    ill.length === 0
      ? `${count}: ${names}`
      : `${count}; ${ill.map(({ service, status, state }) => `${service}: ${status || state}`).join("; ")}`,
    ill.length === 0 && server.containers.length > 0,
  );
  for (const { path, size, free } of server.disks) {
    add(
      "disk",
      `${gigabytes(free)} of ${gigabytes(size)} GB free on ${path}`,
      free >= LEAST_FREE_BYTES,
    );
  }
}

/** A container without a health check says nothing of its health. */
function isHealthy({ state, status }: Container): boolean {
  return state === "running" && !/unhealthy|health: starting/.test(status);
}

function explain({ login, error, stack }: Gathered): string {
  const [said = ""] = error
    .split(/\r?\n/)
    .filter((line) => !/^(error|next):/.test(line))
    .slice(-1);
  return login === 255
    ? `can't be reached: ${said}; a stopped local server is started by make up STACK=${stack}`
    : `answers, but can't tell its status: ${said === "" ? error : said}; make up STACK=${stack} brings the host scripts`;
}

function ago(time: string, now: Date): string {
  const seconds = (now.getTime() - new Date(time).getTime()) / 1000;
  return Number.isNaN(seconds) ? time : `${duration(Math.max(0, seconds))} ago`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * DAY_SECONDS) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / DAY_SECONDS)} days`;
}

function gigabytes(bytes: number): string {
  const value = bytes / 1e9;
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

/** Renders a status for a terminal, what is not well marked by `!`. */
export function renderStatus(stream: Target, { stack, urls, lines }: StatusReport): string {
  const rows = lines.map(({ name, text, well }) => {
    const mark = well ? paint(stream, "green", "✓") : paint(stream, "red", "!");
    return `  ${mark} ${name.padEnd(12)} ${text}\n`;
  });
  const shown = urls.main ?? Object.values(urls)[0] ?? "";
  return `stack ${stack}${shown === "" ? "" : `  ${shown}`}\n${rows.join("")}`;
}
