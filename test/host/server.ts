import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { renderStepInput } from "../../lib/step-input";
import { packFolder } from "../../lib/tarball";
import { freePorts, Machine } from "../machine/machine";
import { ended, output, projectRoot, type Ended } from "../support/script";

/** Values of `host/install.sh` that a test sets; the rest is as on a server without volume and authorities. */
export interface InstallValues {
  readonly keys?: readonly string[];
  readonly device?: string;
  readonly trusted?: string;
}

/** A machine as a cloud boots it, prepared by `host/install.sh`; it is looked at through Docker. */
export class HostServer {
  readonly machine: Machine;
  /** Public key that its first boot lets in. */
  key = "";

  constructor(readonly name: string) {
    const template = parse(
      readFileSync(join(projectRoot, "cloud-init", "server.yaml"), "utf8"),
    ) as { packages: string[] };
    // Every cloud image has it, a container image may not.
    this.machine = new Machine(name, [...new Set([...template.packages, "e2fsprogs"])]);
  }

  /** Makes it and waits for the end of its first boot. */
  async create(): Promise<void> {
    await this.machine.create(await freePorts(this.name));
    const boot = await this.bash("timeout 600 cloud-init status --wait --long");
    if (boot.code !== 0) throw new Error(`first boot: ${boot.stdout}${boot.stderr}`);
    this.key = await this.run("cat", "/home/berth/.ssh/authorized_keys");
  }

  /** Runs a command as root; it has to succeed. */
  async run(...command: string[]): Promise<string> {
    return this.machine.run(...command);
  }

  /** Runs a line of bash as root, however it ends. */
  async bash(line: string, stdin = ""): Promise<Ended> {
    return ended("docker", ["exec", "--interactive", this.name, "bash", "-c", line], { stdin });
  }

  /** Sends the host scripts as Pulumi does, however it ends. */
  async install(
    values: InstallValues = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const settings = Object.entries(environment).map(([name, value]) => `${name}=${value} `);
    return this.bash(`${settings.join("")}bash -s`, await installText(values, this.key));
  }

  /** Runs an installed host script with values on stdin, however it ends. */
  async script(path: string, values: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.bash(`/opt/berth/host/${path}`, renderStepInput(values));
  }

  /** Turns it off and on again; devices that were given to it are gone then, as Docker makes /dev anew. */
  async reboot(): Promise<void> {
    await ended("docker", ["restart", "--time", "60", this.name]);
    await ended("machine/start.sh", [this.name]);
  }

  /** Copies an image of this host to the server's Docker. */
  async loadImage(image: string): Promise<void> {
    const load = `docker save ${image} | docker exec -i ${this.name} docker load --quiet`;
    await output("bash", ["-c", `set -o pipefail; ${load}`]);
  }

  async remove(): Promise<void> {
    await this.machine.remove();
  }
}

/** Removes everything that a test made, also when a part of it can't be removed; then it fails. */
export async function removeAll(
  ...parts: readonly { remove: () => Promise<void> }[]
): Promise<void> {
  const failures: unknown[] = [];
  for (const part of parts) await part.remove().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, "not everything could be removed");
}

/** What travels on stdin of `bash -s`: the script, then its values. */
export async function installText(values: InstallValues, key: string): Promise<string> {
  const { keys = [key], device = "", trusted = "" } = values;
  return [
    readFileSync(join(projectRoot, "host", "install.sh"), "utf8"),
    renderStepInput({
      AUTHORIZED_KEYS: keys.join("\n"),
      DATA_DEVICE: device,
      TRUSTED_CERTIFICATES: trusted,
    }),
    `ARCHIVE=${await packFolder(join(projectRoot, "host"))}\n`,
  ].join("");
}
