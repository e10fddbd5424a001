import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ended, output, script } from "../support/script";

/** Ports of 127.0.0.1 that a machine is published on. */
export interface Ports {
  readonly http: number;
  readonly https: number;
  readonly ssh: number;
}

/** A real machine with Pebble beside it, made and removed by the scripts under test. */
export class Machine {
  readonly stack: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "berth-machine-"));
  private readonly keyFile = join(this.folder, "key");
  private settings: Record<string, string> = {};

  /** @param packages what its first boot installs */
  constructor(
    readonly name: string,
    private readonly packages: readonly string[],
  ) {
    this.stack = name;
  }

  /** Starts Pebble and the machine; does not wait for the first boot to end. */
  async create(ports: Ports): Promise<string> {
    await output("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", this.keyFile]);
    const authority = await script("machine/acme.sh", { NAME: this.name, STACK: this.stack });
    // In JSON a text is a YAML text too, however many lines it has.
    const userData = readFileSync(join(__dirname, "user-data.yaml"), "utf8")
      .replace('"@@KEY@@"', () =>
        JSON.stringify(readFileSync(`${this.keyFile}.pub`, "utf8").trim()),
      )
      .replace('"@@PACKAGES@@"', JSON.stringify(this.packages))
      .replace('"@@AUTHORITY@@"', () => JSON.stringify(`${authority}\n`));
    this.settings = {
      NAME: this.name,
      STACK: this.stack,
      USER_DATA: userData,
      HTTP_PORT: String(ports.http),
      HTTPS_PORT: String(ports.https),
      SSH_PORT: String(ports.ssh),
    };
    return this.createAgain();
  }

  /** Runs create.sh with the settings of before, or some of them changed. */
  async createAgain(changed: Readonly<Record<string, string>> = {}): Promise<string> {
    return script("machine/create.sh", { ...this.settings, ...changed });
  }

  /** Waits for the end of the first boot and tells how it went. */
  async firstBoot(): Promise<{ status: string; errors: string[] }> {
    const report = await ended("timeout", [
      ...["1200", "docker", "exec", this.name],
      ...["cloud-init", "status", "--wait", "--format", "json"],
    ]);
    const json = report.stdout.slice(report.stdout.indexOf("{"));
    return JSON.parse(json) as { status: string; errors: string[] };
  }

  /** Runs a command in the machine, as root. */
  async run(...command: string[]): Promise<string> {
    return output("docker", ["exec", this.name, ...command]);
  }

  /** Logs in as an operator does: with the key, trusting only the host key that host-key.sh prints. */
  async login(...command: string[]): Promise<string> {
    const port = this.settings.SSH_PORT ?? "";
    const known = join(this.folder, "known_hosts");
    writeFileSync(known, `[127.0.0.1]:${port} ${await this.hostKey()}\n`);
    const strict = ["StrictHostKeyChecking=yes", `UserKnownHostsFile=${known}`, "BatchMode=yes"];
    return output("ssh", [
      ...["-F", "/dev/null", "-i", this.keyFile, "-o", "IdentitiesOnly=yes"],
      ...strict.flatMap((option) => ["-o", option]),
      ...["-p", port, "berth@127.0.0.1", ...command],
    ]);
  }

  async hostKey(): Promise<string> {
    return output("machine/host-key.sh", [this.name]);
  }

  /** Has certbot get a certificate from Pebble over port 80 of the machine in three tries, and prints its chain. */
  async certificate(domain: string): Promise<string> {
    await this.run(
      ...["sh", "-c", 'for _ in 1 2 3; do "$@" && exit; done; exit 1', "sh"],
      ...["certbot", "certonly", "--standalone", "--non-interactive", "--agree-tos"],
      ...["--register-unsafely-without-email", "--server", "https://acme:14000/dir"],
      ...["--config-dir", `/root/${domain}`, "--domain", domain],
    );
    return this.run("cat", `/root/${domain}/live/${domain}/fullchain.pem`);
  }

  async remove(): Promise<void> {
    await output("machine/remove.sh", [this.name]);
    await output("machine/acme-remove.sh", [this.name]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Everything in Docker that carries the machine's label. */
  async remains(): Promise<string[]> {
    const filter = ["--quiet", "--filter", `label=berth.stack=${this.stack}`];
    const lists = await Promise.all([
      output("docker", ["ps", "--all", ...filter]),
      output("docker", ["volume", "ls", ...filter]),
      output("docker", ["network", "ls", ...filter]),
    ]);
    return lists.flatMap((list) => list.split("\n")).filter((line) => line !== "");
  }
}

/** Asks free-ports.sh, away from the ports that stacks of other tests look for at the same time. */
export async function freePorts(name: string): Promise<Ports> {
  const preferred = ["13080", "13443", "13222"];
  return JSON.parse(await output("machine/free-ports.sh", [name, ...preferred])) as Ports;
}
