import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output } from "../support/script";

const IMAGE = "berth-test/registry-server";

const UNTIL_READY = `
  until curl --silent --output /dev/null http://127.0.0.1:5000/v2/; do sleep 0.1; done
  says_ssh() { exec {port}<>/dev/tcp/127.0.0.1/22 && read -r -t 60 said <&"$port" && [[ $said == SSH-* ]]; }
  until (says_ssh) 2>/dev/null; do sleep 0.1; done`;

/** A container with sshd and, on its loopback address only, Debian's registry. */
export class RegistryServer {
  readonly privateKey: string;
  private readonly name = `berth-test-registry-${String(process.pid)}-${String(Date.now())}`;
  private readonly publicKey: string;

  private constructor(
    keyFile: string,
    private readonly folder: string,
  ) {
    this.privateKey = readFileSync(keyFile, "utf8");
    this.publicKey = readFileSync(`${keyFile}.pub`, "utf8").trim();
  }

  /**
   * Builds and starts one.
   *
   * @param registryMiB size of the registry's disk
   */
  static async start(registryMiB: number): Promise<RegistryServer> {
    const folder = mkdtempSync(join(tmpdir(), "berth-registry-"));
    const keyFile = join(folder, "key");
    await output("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", keyFile]);
    const server = new RegistryServer(keyFile, folder);
    await output("docker", [
      "build",
      "--quiet",
      "--tag",
      IMAGE,
      join(__dirname, "registry-server"),
    ]);
    await output("docker", [
      ...["run", "--detach", "--name", server.name, "--label", "berth.stack=test-images"],
      ...["--tmpfs", `/srv/registry:size=${String(registryMiB)}m`],
      ...["--publish", "127.0.0.1::22", "--env", `AUTHORIZED_KEY=${server.publicKey}`, IMAGE],
    ]);
    await server.run("timeout", "300", "bash", "-c", UNTIL_READY);
    return server;
  }

  /** Values that push.sh reads to get here. */
  async inputs(): Promise<Record<string, string>> {
    const published = await output("docker", ["port", this.name, "22/tcp"]);
    return {
      SSH_HOST: "127.0.0.1",
      SSH_PORT: published.slice(published.lastIndexOf(":") + 1),
      SSH_USER: "berth",
      PRIVATE_KEY: this.privateKey,
      HOST_KEY: await this.run("cut", "-d", " ", "-f", "1,2", "/etc/ssh/ssh_host_ed25519_key.pub"),
    };
  }

  /** Runs a command on the server, as root. */
  async run(...command: string[]): Promise<string> {
    return output("docker", ["exec", this.name, ...command]);
  }

  /** Tells the digest that the registry gives for a tag. */
  async digestOf(repository: string, tag: string): Promise<string> {
    const headers = await this.run(
      ...["curl", "--silent", "--fail", "--head"],
      ...["--header", "Accept: application/vnd.oci.image.manifest.v1+json"],
      `http://127.0.0.1:5000/v2/${repository}/manifests/${tag}`,
    );
    return /^docker-content-digest: (\S+)/im.exec(headers)?.[1] ?? "";
  }

  /** How often anyone has logged in. */
  async logins(): Promise<number> {
    const log = await output("bash", ["-c", `docker logs ${this.name} 2>&1`]);
    return log.split("\n").filter((line) => line.includes("Accepted publickey")).length;
  }

  async remove(): Promise<void> {
    await output("docker", ["rm", "--force", "--volumes", this.name]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
