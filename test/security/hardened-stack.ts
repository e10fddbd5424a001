import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Project } from "../e2e/support/project";
import { LocalServer } from "../e2e/support/server";
import { ended, output, script, type Ended } from "../support/script";

/** Domains of the application in the stack that is looked at. */
export const DOMAINS = {
  main: "battery-hub.localhost",
  api: "api.battery-hub.localhost",
  panel: "panel.battery-hub.localhost",
} as const;

/**
 * A running local stack under an authority of production, as far as berth can know: no root of its own is to be fetched,
 * and the server's list of authorities has it. Beside the server stands an auditor, a stranger in the same network.
 */
export class HardenedStack {
  readonly project: Project;
  readonly server: LocalServer;
  /** Address of the server in its network, where its ports are the usual ones. */
  address = "";
  private readonly name: string;
  private readonly auditor: string;

  constructor(readonly stack: string) {
    this.project = new Project(stack);
    this.server = new LocalServer(stack);
    this.name = this.server.machine;
    this.auditor = `${this.name}-auditor`;
  }

  /** Brings the stack up and the auditor beside it. */
  async create(): Promise<void> {
    await this.remove();
    await script("machine/acme.sh", { NAME: this.name, STACK: this.stack });
    const root = await output("machine/acme-root.sh", [this.name]);
    writeFileSync(join(this.project.folder, "production.pem"), `${root}\n`);
    this.project.edit(`Pulumi.${this.stack}.yaml`, (text) =>
      text
        .replace(/acmeRootUrl: .*/, 'acmeRootUrl: ""')
        .replace(/trustedCertificates: .*/, "trustedCertificates: production.pem"),
    );
    const { status, output: told } = await this.project.make("up");
    if (status !== 0) throw new Error(told);
    this.address = await output("docker", [
      ...["inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"],
      this.name,
    ]);
    await this.startAuditor(root);
  }

  /** Runs a command in the auditor, however it ends. */
  async audit(command: readonly string[], stdin = ""): Promise<Ended> {
    return ended("docker", ["exec", "--interactive", this.auditor, ...command], { stdin });
  }

  /** Runs a line of bash on the server as root, however it ends. */
  async bash(line: string, stdin = ""): Promise<Ended> {
    return ended("docker", ["exec", "--interactive", this.name, "bash", "-c", line], { stdin });
  }

  /** What a request from the auditor is answered: status line and headers, in lower case, without the body. */
  async headers(url: string, ...options: readonly string[]): Promise<string> {
    const { host, protocol } = new URL(url);
    const port = protocol === "https:" ? "443" : "80";
    const { stdout, stderr, code } = await this.audit([
      ...["curl", "--silent", "--show-error", "--max-time", "60", "--cacert", "/root.pem"],
      ...["--resolve", `${host}:${port}:${this.address}`],
      ...["--output", "/dev/null", "--dump-header", "-", ...options, url],
    ]);
    if (code !== 0) throw new Error(`curl ${url} ended with ${String(code)}: ${stderr}`);
    return stdout.toLowerCase();
  }

  /** Installs Lynis on the server from the auditor's files, with a profile; it is no part of the product. */
  async lendLynis(profile: string): Promise<void> {
    const files = "usr/share/lynis usr/sbin/lynis etc/lynis";
    await output("bash", [
      "-c",
      `set -o pipefail; docker exec ${this.auditor} tar --create --dereference --directory / ${files} |
        docker exec --interactive ${this.name} tar --extract --directory /`,
    ]);
    const own = readFileSync(profile, "utf8");
    const placed = await this.bash("cat >/etc/lynis/custom.prf", own);
    if (placed.code !== 0) throw new Error(placed.stderr);
  }

  /** Removes all of it. */
  async remove(): Promise<void> {
    await ended("docker", ["rm", "--force", this.auditor]);
    this.project.removeLeftServer();
  }

  private async startAuditor(root: string): Promise<void> {
    await output("images/base.sh", []);
    await output("docker", ["build", "--quiet", "--tag", "berth/auditor", `${__dirname}/auditor`]);
    await output("docker", [
      ...["run", "--detach", "--name", this.auditor, "--network", this.name],
      ...["--label", `berth.stack=${this.stack}`, "berth/auditor"],
    ]);
    const placed = await this.audit(["sh", "-c", "cat >/root.pem"], root);
    if (placed.code !== 0) throw new Error(placed.stderr);
  }
}
