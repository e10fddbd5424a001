import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ContractStack, type Declared, type Run } from "../contract/stack";

const ROOT = resolve(__dirname, "../..");

/** Arguments of one resource. */
export type Args = Record<string, unknown>;

/** What the simulated account of the tests has. */
export const ACCOUNT = {
  machines: "none",
  aws: {
    accessKeyId: "AKIASIMULATED0000000",
    accountId: "210987654321",
    region: "eu-central-1",
    instanceTypes: [
      { type: "t3.medium", vcpus: 2 },
      { type: "t3.large", vcpus: 2 },
      { type: "t4g.medium", vcpus: 2, architectures: ["arm64"] },
    ],
    images: [{ id: "ami-0123456789abcdef0", architecture: "x86_64" }],
    zones: [{ id: "Z0123456789ABCDEFGHIJ", name: "battery-hub.example" }],
    limits: {} as Record<string, number>,
    retrySeconds: 0,
  },
};

/** A stack on the simulated AWS, run by the real engine; machines are records only. */
export class AwsStack {
  private constructor(
    private readonly stack: ContractStack,
    /** The simulator's state. */
    private readonly simulator: string,
  ) {}

  /** @param environment changes what the engine and the plugin see */
  static async make(environment: NodeJS.ProcessEnv = {}): Promise<AwsStack> {
    const plugins = execFileSync(join(ROOT, "simulator/build.sh"), ["aws"], { encoding: "utf8" });
    const simulator = mkdtempSync(join(tmpdir(), "berth-aws-"));
    const stack = await ContractStack.make({
      BERTH_SIMULATOR: simulator,
      AWS_ACCESS_KEY_ID: ACCOUNT.aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: "simulated",
      AWS_REGION: ACCOUNT.aws.region,
      ...environment,
    });
    const project = join(stack.folder, "project");
    cpSync(join(__dirname, "programs/aws/index.ts"), join(project, "index.ts"));
    writeFileSync(
      join(project, "Pulumi.yaml"),
      "name: contract\nruntime: nodejs\nmain: index.ts\n" +
        `plugins:\n  providers:\n    - name: aws\n      path: ${plugins.trim()}\n`,
    );
    const made = new AwsStack(stack, simulator);
    made.setAccount({});
    return made;
  }

  /** Changes what the account has. */
  setAccount(changes: Partial<typeof ACCOUNT.aws>): void {
    const account = { ...ACCOUNT, aws: { ...ACCOUNT.aws, ...changes } };
    writeFileSync(join(this.simulator, "account.json"), JSON.stringify(account));
  }

  /** Provokes faults. */
  setFaults(faults: readonly Args[]): void {
    writeFileSync(join(this.simulator, "faults.json"), JSON.stringify(faults));
  }

  /** What the cloud has of a kind, such as `instances`. */
  kept(kind: string): Args[] {
    const folder = join(this.simulator, "resources/aws", kind);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).map(
      (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Args,
    );
  }

  /** Removes all of a kind behind the program's back. */
  lose(kind: string): void {
    rmSync(join(this.simulator, "resources/aws", kind), { recursive: true });
  }

  /** Brings the stack to the resources without a preview. */
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

  /** Outputs of a recorded resource. */
  async outputs(name: string): Promise<Args> {
    return (await this.stack.recorded(name))?.outputs ?? {};
  }

  /** Id of a recorded resource. */
  async id(name: string): Promise<string> {
    return (await this.stack.recorded(name))?.id ?? "";
  }

  /** Ids of recorded resources, in the order of their names. */
  async ids(names: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const name of names) ids.push(await this.id(name));
    return ids;
  }

  remove(): void {
    this.stack.remove();
    rmSync(this.simulator, { recursive: true, force: true });
  }
}
