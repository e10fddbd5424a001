import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import type { Fault } from "../../simulator/core/faults";
import { State, type Kind } from "../../simulator/core/state";
import { ContractStack, type Declared, type Run } from "../contract/stack";

const ROOT = resolve(__dirname, "../..");
const TOKEN = "dop_v1_simulated";

/** What the simulated account of the tests has. */
export const ACCOUNT = {
  token: TOKEN,
  regions: ["fra1", "ams3"],
  sizes: [
    { slug: "s-1vcpu-1gb", disk: 25, vcpus: 1, memory: 1024 },
    { slug: "s-2vcpu-4gb", disk: 80, vcpus: 2, memory: 4096 },
  ],
  images: ["debian-13-x64", "debian-12-x64"],
  domains: [] as string[],
  dropletLimit: 3,
};

/** Arguments of one resource. */
export type Args = Record<string, unknown>;

/** Two public SSH keys. */
export const KEY = `ssh-ed25519 ${"A".repeat(68)}`;
export const OTHER_KEY = `ssh-ed25519 ${"B".repeat(68)}`;

/** Arguments of a volume. */
export const VOLUME = { name: "data", region: "fra1", size: 10 };

/** A firewall's rule: SSH for everybody. */
export const RULE = {
  protocol: "tcp",
  portRange: "22",
  sourceAddresses: ["0.0.0.0/0", "::/0"],
};

/** A resource of a class of the SDK. */
export function resource(type: string, name: string, args: Args, options: Args = {}): Declared {
  return { type, name, args, options };
}

/** A droplet; its arguments but for the changed ones are always the same. */
export function droplet(name: string, changes: Args = {}, options: Args = {}): Declared {
  const args = { region: "fra1", size: "s-1vcpu-1gb", image: "debian-13-x64", ...changes };
  return resource("Droplet", name, args, options);
}

/** How a stack of the tests differs from the usual one. */
export interface Options {
  /** `containers`: real machines. Default `none`: records only. */
  machines?: "containers" | "none";
  /** Name of network and containers. */
  name?: string;
  /** Folder of a simulated cloud that another stack uses already. */
  simulator?: string;
  environment?: NodeJS.ProcessEnv;
}

/** A stack on the simulated DigitalOcean, run by the real engine. */
export class DropletStack {
  readonly state: State;

  private constructor(
    private readonly stack: ContractStack,
    readonly simulator: string,
    private readonly name: string,
    private readonly machines: "containers" | "none",
  ) {
    this.state = new State(simulator);
  }

  static async make(options: Options = {}): Promise<DropletStack> {
    const { machines = "none", name = "sim-test", environment = {} } = options;
    const build = join(ROOT, "simulator/build.sh");
    const plugins = execFileSync(build, ["digitalocean"], { encoding: "utf8" }).trim();
    const simulator = options.simulator ?? mkdtempSync(join(tmpdir(), "berth-droplets-"));
    const stack = await ContractStack.make({
      BERTH_SIMULATOR: simulator,
      BERTH_REHEARSAL: name,
      DIGITALOCEAN_TOKEN: TOKEN,
      ...environment,
    });
    const project = join(stack.folder, "project");
    cpSync(join(__dirname, "programs/digitalocean/index.ts"), join(project, "index.ts"));
    const providers = [{ name: "digitalocean", path: plugins }];
    const file = { name: "contract", runtime: "nodejs", main: "index.ts", plugins: { providers } };
    writeFileSync(join(project, "Pulumi.yaml"), stringify(file));
    const made = new DropletStack(stack, simulator, name, machines);
    made.setAccount({});
    return made;
  }

  /** Changes what the account has; what is not named is as usual. */
  setAccount(changes: Partial<typeof ACCOUNT>): void {
    const digitalocean = { ...ACCOUNT, ...changes };
    this.state.writeFile("account.json", { machines: this.machines, digitalocean });
  }

  /** Provokes faults from now on. */
  provoke(...faults: Fault[]): void {
    this.state.writeFile("faults.json", faults);
  }

  up(resources: Declared[], ...flags: string[]): Promise<Run> {
    return this.stack.up(resources, ...flags);
  }

  preview(resources: Declared[], ...flags: string[]): Promise<Run> {
    return this.stack.preview(resources, ...flags);
  }

  refresh(): Promise<Run> {
    return this.stack.refresh();
  }

  destroy(): Promise<Run> {
    return this.stack.destroy();
  }

  /** What the cloud has of a kind. */
  kept<T extends object>(kind: Kind<T>): T[] {
    return this.state.list(kind);
  }

  /** Outputs of a recorded resource; none when it is not recorded. */
  async outputs(name: string): Promise<Args> {
    return (await this.stack.recorded(name))?.outputs ?? {};
  }

  /** Id of a recorded resource; empty when it is not recorded. */
  async id(name: string): Promise<string> {
    return (await this.stack.recorded(name))?.id ?? "";
  }

  /** Removes the stack with all that its machines left on this one. */
  remove(): void {
    this.stack.remove();
    execFileSync(join(ROOT, "simulator/machines/remove-all.sh"), [this.name, this.simulator]);
    rmSync(this.simulator, { recursive: true, force: true });
  }
}
