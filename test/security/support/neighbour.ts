import { execFileSync, spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** A port that answered. */
export interface Answered {
  readonly address: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
}

/** What to look at. */
export interface Scan {
  readonly addresses: readonly string[];
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
  /** Seconds that an answer may take. */
  readonly seconds: number;
}

const SCRIPT = readFileSync(join(__dirname, "scan-ports.py"), "utf8");

/** Numbers from one to another, both included. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Ports that answer, as `address port/protocol`, sorted. */
export function named(answered: readonly Answered[]): string[] {
  return answered.map(({ address, port, protocol }) => `${address} ${port}/${protocol}`).sort();
}

/** A look at ports that goes on until it is stopped. */
export class Watch {
  readonly answered: Answered[] = [];
  rounds = 0;
  private rest = "";
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;

  /** @param prefix command that runs Python elsewhere, e.g. in a container; none: on this machine */
  constructor(scan: Scan & { readonly repeat: boolean }, prefix: readonly string[] = []) {
    const child = begin(prefix);
    this.child = child;
    // It may have ended without having read its input; then its status tells.
    child.stdin.on("error", () => undefined);
    child.stdin.write(`${JSON.stringify(scan)}\n`);
    child.stdout.setEncoding("utf8").on("data", (text: string) => this.read(text));
  }

  private read(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      const said = JSON.parse(line) as Answered | { round: true } | { done: true };
      if ("port" in said) this.answered.push(said);
      else this.rounds += 1;
    }
  }

  /** Waits for the end of a look that ends by itself. */
  async ended(): Promise<Answered[]> {
    const [status] = (await once(this.child, "close")) as [number];
    if (status !== 0 || this.rounds === 0) throw new Error(`the scan ended with ${status}`);
    return this.answered;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.stdin.end();
    await once(this.child, "close");
  }
}

function begin(prefix: readonly string[]): ChildProcessByStdio<Writable, Readable, null> {
  const command = [...prefix, "python3", "-c", SCRIPT];
  return spawn(command[0] ?? "", command.slice(1), { stdio: ["pipe", "pipe", "inherit"] });
}

/** A container in the same network as the server, and in another one with IPv6. */
export class Neighbour {
  readonly name: string;
  readonly network: string;
  readonly prefix6: string;

  /** @param machine the server's container, whose network is of that name */
  constructor(
    private readonly stack: string,
    private readonly machine: string,
  ) {
    this.name = `${machine}-neighbour`;
    this.network = `${machine}-six`;
    this.prefix6 = `fd00:be47:${(process.pid % 65536).toString(16)}`;
  }

  /** Makes the network with IPv6. */
  makeNetwork(): void {
    docker(
      "network",
      "create",
      "--internal",
      "--label",
      `berth.stack=${this.stack}`,
      "--ipv6",
      "--subnet",
      `${this.prefix6}::/64`,
      this.network,
    );
  }

  /** Starts, in both networks. */
  start(): void {
    const labels = ["--label", `berth.stack=${this.stack}`, "--cap-add", "NET_ADMIN"];
    const program = ["--init", "--entrypoint", "sleep"];
    docker(
      "run",
      "--detach",
      "--name",
      this.name,
      ...labels,
      ...program,
      "--network",
      this.machine,
      "berth/machine:trixie",
      "infinity",
    );
    docker("network", "connect", this.network, this.name);
  }

  /** The server's address, by which its containers are reached too. */
  get address4(): string {
    const subnet = docker(
      "network",
      "inspect",
      "--format",
      "{{(index .IPAM.Config 0).Subnet}}",
      this.machine,
    );
    return subnet.replace(/\.\d+\/\d+$/, ".10");
  }

  /** The server's address in the network with IPv6. */
  get address6(): string {
    return `${this.prefix6}::10`;
  }

  /** Joins the server to the network with IPv6. */
  joinServer(): void {
    docker("network", "connect", "--ip6", this.address6, this.network, this.machine);
  }

  /** Sends what is for a network on the server by way of the server. */
  route(network: string): void {
    const six = network.includes(":");
    const [flag, by] = six ? ["-6", this.address6] : ["-4", this.address4];
    docker("exec", this.name, "ip", flag, "route", "replace", network, "via", by);
  }

  /** Looks until it is stopped. */
  watch(scan: Scan): Watch {
    return new Watch({ ...scan, repeat: true }, ["docker", "exec", "--interactive", this.name]);
  }

  /** Looks once. */
  scan(scan: Scan): Promise<Answered[]> {
    const prefix = ["docker", "exec", "--interactive", this.name];
    return new Watch({ ...scan, repeat: false }, prefix).ended();
  }

  /** Removes container and network, also those of a run that was killed. */
  remove(): void {
    for (const command of [
      ["rm", "--force", this.name],
      ["network", "disconnect", "--force", this.network, this.machine],
      ["network", "rm", this.network],
    ]) {
      try {
        docker(...command);
      } catch {
        // It is not there.
      }
    }
  }
}

/** Runs a Docker command of this machine. */
export function docker(...args: string[]): string {
  return execFileSync("docker", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 256 * 1024 * 1024,
  }).trim();
}
