import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ended, type Ended, output, script } from "../../support/script";

/** Names that the tests' application is reached at; they lead to the machine, on the machine itself. */
export const DOMAINS = {
  main: "hub.example.org",
  api: "api.hub.example.org",
  panel: "panel.hub.example.org",
} as const;

/** Ports to prefer for HTTP, HTTPS and SSH, so far apart that machines made at the same time find others. */
const PORTS = {
  trixie: ["18080", "18443", "12222"],
  bookworm: ["18280", "18643", "12422"],
} as const;

/**
 * An ordinary server that nobody prepared for berth: a container that boots Debian, with root's login by key. Beside it
 * the test certificate authority, as every machine has.
 */
export class ExistingMachine {
  readonly folder = mkdtempSync(join(tmpdir(), "berth-existing-"));
  /** Certificate of the authority's own HTTPS, in PEM form. */
  authority = "";
  address = "";
  hostKey = "";

  constructor(
    readonly name: string,
    private readonly suite: keyof typeof PORTS,
  ) {}

  /** Private key that logs in as root. */
  get rootKey(): string {
    return readFileSync(join(this.folder, "key"), "utf8");
  }

  /** Boots the machine and waits until root can log in. */
  async create(): Promise<void> {
    await this.remove();
    const image = await output("machine/variants/build.sh", [this.suite]);
    await output("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(this.folder, "key")]);
    this.authority = await script("machine/acme.sh", {
      NAME: this.name,
      STACK: this.name,
      SKIP_DELAY: "1",
    });
    const ports = JSON.parse(
      await output("machine/free-ports.sh", [this.name, ...PORTS[this.suite]]),
    ) as Record<"http" | "https" | "ssh", number>;
    const made = await script("machine/create.sh", {
      NAME: this.name,
      STACK: this.name,
      IMAGE: image,
      USER_DATA: "#cloud-config\n{}\n",
      HTTP_PORT: String(ports.http),
      HTTPS_PORT: String(ports.https),
      SSH_PORT: String(ports.ssh),
    });
    this.address = (JSON.parse(made) as { address: string }).address;
    const publicKey = readFileSync(join(this.folder, "key.pub"), "utf8");
    await this.write("/root/.ssh/authorized_keys", publicKey);
    await this.started();
    this.hostKey = (await this.run("cat", "/etc/ssh/ssh_host_ed25519_key.pub"))
      .split(" ")
      .slice(0, 2)
      .join(" ");
  }

  /** Restarts the machine and waits until it runs again. */
  async restart(): Promise<void> {
    await output("docker", ["restart", this.name]);
    await this.started();
  }

  private async started(): Promise<void> {
    await output("machine/start.sh", [this.name]);
    await this.attempt("systemctl", "is-system-running", "--wait");
    // Docker makes the file anew at each start.
    const names = `${this.address} ${Object.values(DOMAINS).join(" ")}`;
    await this.shell(`grep -qxF '${names}' /etc/hosts || echo '${names}' >>/etc/hosts`);
  }

  /** Runs a command as root, however it ends; looking through Docker counts as no login. */
  async attempt(...command: string[]): Promise<Ended> {
    return ended("docker", ["exec", this.name, ...command]);
  }

  /** Runs a command as root that has to succeed. */
  async run(...command: string[]): Promise<string> {
    return output("docker", ["exec", this.name, ...command]);
  }

  /** Runs a shell script as root that has to succeed. */
  async shell(text: string): Promise<string> {
    return output(
      "docker",
      ["exec", "--interactive", this.name, "bash", "-euo", "pipefail", "-s"],
      {
        stdin: text,
      },
    );
  }

  /** Writes a file of root's. */
  async write(path: string, text: string, mode = "0600"): Promise<void> {
    const place = `install -D -m ${mode} /dev/stdin '${path}'`;
    await output("docker", ["exec", "--interactive", this.name, "sh", "-c", place], {
      stdin: text,
    });
  }

  /** Logins that sshd has let in. */
  async logins(): Promise<number> {
    const journal = await this.run("journalctl", "-u", "ssh", "--no-pager", "-o", "cat");
    return journal.split("\n").filter((line) => line.startsWith("Accepted ")).length;
  }

  /** Removes the machine and its authority. */
  async remove(): Promise<void> {
    await output("machine/remove.sh", [this.name]);
    await output("machine/acme-remove.sh", [this.name]);
  }

  /** Removes the machine and the files of the test. */
  async dispose(): Promise<void> {
    await this.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
