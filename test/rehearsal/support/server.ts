import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fetchFrom } from "../../e2e/support/https";
import type { Rehearsal } from "./rehearsal";

/** What is seen of a rehearsed server, through Docker, so that looking counts as no login. */
export interface Seen {
  /** Name of the container. */
  readonly machine: string;
  /** Logins that sshd has let in since the machine was made. */
  readonly logins: number;
  /** Hubs in the application's database. */
  readonly rows: number;
  /** Serial number of the certificate that is served. */
  readonly certificate: string;
  /** Orders that the test authority has taken. */
  readonly orders: number;
}

/** The server that a rehearsed stack runs on now. */
export class RehearsedServer {
  constructor(
    private readonly rehearsal: Rehearsal,
    /** Asks the application's database; the one on the server by default. */
    private readonly query: (machine: string, sql: string) => string = queryOnServer,
  ) {}

  /** The machine of a droplet or an instance in the state. */
  async find(resource: string): Promise<{ machine: string; address: string }> {
    const outputs = await this.rehearsal.outputs(resource);
    const address = String(outputs.ipv4Address ?? outputs.privateIp);
    for (const machine of this.rehearsal.machines()) {
      if (addresses(machine).includes(address)) return { machine, address };
    }
    throw new Error(`no machine has the address ${address} of ${resource}`);
  }

  /** Looks at the server of a generation. */
  async look(generation = 1): Promise<Seen> {
    const kind = this.rehearsal.stack === "prod" ? "droplet" : "instance";
    const { machine } = await this.find(`server-${kind}-${generation}`);
    return {
      machine,
      logins: this.loginsOf(machine),
      rows: Number(this.query(machine, "SELECT count(*) FROM hubs")),
      certificate: this.rehearsal.onMachine(
        machine,
        ...["openssl", "x509", "-noout", "-serial", "-in"],
        "/srv/berth/tls/battery-hub/fullchain.pem",
      ),
      orders: this.orders(),
    };
  }

  /** Puts a row into the application's database, to be found again. */
  async addRow(generation = 1): Promise<void> {
    const { machine } = await this.look(generation);
    this.query(machine, "INSERT INTO hubs (name) VALUES ('kept through rebuilds')");
  }

  /** Sees the page and the API answer over HTTPS at the public address. */
  async answers(): Promise<void> {
    const urls = JSON.parse(await this.rehearsal.output("urls")) as Record<string, string>;
    const root = await this.rehearsal.output("certificateRoot");
    const address = await this.rehearsal.output("serverAddress");
    for (const url of [urls.main ?? "", `${urls.api ?? ""}/health`]) {
      assert.equal((await fetchFrom(address, url, root)).status, 200, url);
    }
  }

  /** Logins that sshd on a machine has let in. */
  loginsOf(machine: string): number {
    this.rehearsal.onMachine(machine, "journalctl", "--sync");
    return this.rehearsal
      .onMachine(machine, "journalctl", "-u", "ssh", "--no-pager", "-o", "cat")
      .split("\n")
      .filter((line) => line.startsWith("Accepted publickey ")).length;
  }

  /** Makes sshd show another host key than the one that is pinned. */
  giveOtherHostKey(machine: string): void {
    const script = `set -e; cd /etc/ssh; mkdir kept; mv ssh_host_ed25519_key* kept/
      ssh-keygen -q -t ed25519 -N '' -f ssh_host_ed25519_key; systemctl restart ssh`;
    this.rehearsal.onMachine(machine, "bash", "-c", script);
  }

  /** Undoes {@link giveOtherHostKey}. */
  giveHostKeyBack(machine: string): void {
    const script = "set -e; cd /etc/ssh; mv kept/* .; rmdir kept; systemctl restart ssh";
    this.rehearsal.onMachine(machine, "bash", "-c", script);
  }

  private orders(): number {
    const [authority] = this.rehearsal.machines().filter((name) => name.endsWith("-acme"));
    const log = execFileSync("docker", ["logs", authority ?? "none"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return log.split("\n").filter((line) => line.includes("POST /order-plz")).length;
  }
}

const PSQL = ["psql", "-U", "postgres", "-d", "beppp", "-At", "-c"];

function queryOnServer(machine: string, sql: string): string {
  const inside = ["exec", machine, "docker", "exec", "battery-hub-data-postgres-1", ...PSQL, sql];
  return execFileSync("docker", inside, { encoding: "utf8" });
}

/** Asks a database that is a container beside the server, as simulated RDS is. */
export function queryInContainer(container: string, superuser: string, sql: string): string {
  const psql = PSQL.map((word) => (word === "postgres" ? superuser : word));
  return execFileSync("docker", ["exec", container, ...psql, sql], { encoding: "utf8" });
}

function addresses(container: string): string[] {
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
  return execFileSync("docker", ["inspect", "--format", format, container], { encoding: "utf8" })
    .trim()
    .split(" ");
}
