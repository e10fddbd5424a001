import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Project } from "../../test/e2e/support/project";
import { renderStepInput } from "../../lib/step-input";
import { measure, type Measured } from "../measure";

const IMAGE = "berth/bench-ansible";
const NAME = "berth-bench-ansible";
const CONTROL_NODE = `${NAME}-control`;
const SECRET_CHARACTERS = 40;

interface Ports {
  readonly http: number;
  readonly https: number;
  readonly ssh: number;
}

/** A machine as a cloud boots it, brought to Battery Hub by the playbook beside this file. */
export class AnsibleServer {
  readonly name = NAME;
  private readonly work = mkdtempSync(join(tmpdir(), "berth-bench-ansible-"));
  private ports: Ports = { http: 0, https: 0, ssh: 0 };

  /** @param project copy of the tree that holds the playbook and the release */
  constructor(private readonly project: Project) {}

  /** What is there before anybody counts the time: Ansible, a key, secrets in a vault, free ports. */
  prepare(): void {
    this.remove();
    const folder = join(this.project.folder, "bench", "ansible", "image");
    this.run("docker", ["build", "--quiet", "--tag", IMAGE, folder]);
    this.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(this.work, "key")]);
    const application = readFileSync(
      join(this.project.folder, "apps/battery-hub/compose.yaml"),
      "utf8",
    );
    const secrets = [...application.matchAll(/^ {4}(\w+): \{ env: /gm)].map(([, name]) => [
      name,
      randomBytes(SECRET_CHARACTERS / 2).toString("hex"),
    ]);
    this.write("vault-password", randomBytes(SECRET_CHARACTERS / 2).toString("hex"));
    const vault = this.run(
      "docker",
      [
        ...["run", "--rm", "--interactive", "--volume", `${this.work}:/work:ro`, IMAGE],
        ...["ansible-vault", "encrypt", "--vault-password-file", "/work/vault-password"],
        ...["--output", "-"],
      ],
      JSON.stringify({ secrets: Object.fromEntries(secrets) as Record<string, string> }),
    );
    this.write("vault.yaml", vault);
    this.ports = this.freePorts(NAME, ["18080", "18443", "12222"]);
  }

  /** Boots the machine with a login and the authority's certificate, as a cloud does; the boot goes on meanwhile. */
  start(): void {
    const authority = this.run("machine/acme.sh", [], renderStepInput({ NAME, STACK: NAME }));
    const key = readFileSync(join(this.work, "key.pub"), "utf8").trim();
    const userData = {
      disable_root: true,
      ssh_pwauth: false,
      ssh_genkeytypes: ["ed25519"],
      users: [
        {
          name: "berth",
          shell: "/bin/bash",
          lock_passwd: true,
          sudo: "ALL=(ALL) NOPASSWD:ALL",
          ssh_authorized_keys: [key],
        },
      ],
      ca_certs: { trusted: [authority] },
    };
    const settings = {
      NAME,
      STACK: NAME,
      USER_DATA: `#cloud-config\n${JSON.stringify(userData)}\n`,
      HTTP_PORT: String(this.ports.http),
      HTTPS_PORT: String(this.ports.https),
      SSH_PORT: String(this.ports.ssh),
    };
    this.run("machine/create.sh", [], renderStepInput(settings));
    const hostKey = this.run("machine/host-key.sh", [NAME]);
    this.write("known_hosts", `[127.0.0.1]:${this.ports.ssh} ${hostKey}`);
  }

  /** Runs the playbook on a control node that has no connection open yet. */
  async play(): Promise<Measured> {
    const domains = ["", "api.", "panel."].map((prefix) => `${prefix}battery-hub.localhost`);
    const environment = {
      BERTH_TREE: "/berth",
      RELEASE_FILE: "/berth/releases/local.json",
      IMAGE_STORE: "/store",
      SSH_HOST: "127.0.0.1",
      SSH_PORT: String(this.ports.ssh),
      SSH_KEY: "/work/key",
      KNOWN_HOSTS: "/work/known_hosts",
      AUTHORITY_FILE: "/tmp/authority.pem",
      REGISTRY_PORT: String(this.freePorts("berth-bench-tunnel", []).ssh),
      PUBLIC_PORT: String(this.ports.https),
    };
    this.run("docker", [
      ...["run", "--detach", "--rm", "--init", "--name", CONTROL_NODE, "--network", "host"],
      ...domains.flatMap((domain) => ["--add-host", `${domain}:127.0.0.1`]),
      ...Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      ...["--volume", `${this.project.folder}:/berth:ro`, "--volume", `${this.work}:/work:ro`],
      ...["--volume", `${process.env.BERTH_CACHE ?? ""}/oci:/store:ro`],
      ...["--workdir", "/berth/bench/ansible", IMAGE, "sleep", "infinity"],
    ]);
    try {
      return await measure(
        "docker",
        [
          ...["exec", CONTROL_NODE, "ansible-playbook", "site.yaml"],
          ...["--extra-vars", "@/work/vault.yaml"],
          ...["--vault-password-file", "/work/vault-password"],
        ],
        { cwd: this.project.folder, env: process.env },
      );
    } finally {
      this.run("docker", ["rm", "--force", CONTROL_NODE]);
    }
  }

  /** Public URLs by route. */
  urls(): string[] {
    return ["", "api.", "panel."].map(
      (prefix) => `https://${prefix}battery-hub.localhost:${this.ports.https}`,
    );
  }

  /** The root that the authority signs with. */
  root(): string {
    return this.run("machine/acme-root.sh", [NAME]);
  }

  /** Removes the machine, its authority and what a run that was killed left. */
  remove(): void {
    this.run("docker", ["rm", "--force", CONTROL_NODE]);
    this.run("machine/remove.sh", [NAME]);
    this.run("machine/acme-remove.sh", [NAME]);
  }

  /** Removes all of it, key and secrets too. */
  dispose(): void {
    this.remove();
    rmSync(this.work, { recursive: true, force: true });
  }

  private freePorts(name: string, preferred: readonly string[]): Ports {
    return JSON.parse(this.run("machine/free-ports.sh", [name, ...preferred])) as Ports;
  }

  private write(file: string, text: string): void {
    writeFileSync(join(this.work, file), text, { mode: 0o600 });
  }

  private run(command: string, args: readonly string[], input = ""): string {
    return execFileSync(command, args, {
      cwd: this.project.folder,
      env: process.env,
      input,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
    });
  }
}
