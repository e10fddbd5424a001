import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ended, projectRoot, type Ended } from "../support/script";

const PASSPHRASE = "only for tests";

/** What a stack is made of besides its name. */
export interface Made {
  /** Folder below `programs/`; default `small`. */
  readonly program?: string;
  /** Folder with the plugin pulumi-resource-digitalocean. */
  readonly plugin?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Waits until a CLI that was started prints a text. */
export function begun(child: ChildProcess, text: string): Promise<void> {
  return new Promise((done, failed) => {
    let printed = "";
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      printed += part;
      if (printed.includes(text)) done();
    });
    child.on("close", () => failed(new Error(`it ended before "${text}": ${printed}`)));
  });
}

/** A stack of a small program, in a project and with a state of its own, that the tree's scripts work on. */
export class SmallStack {
  readonly folder = mkdtempSync(join(tmpdir(), "act-stack-"));
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;

  constructor(
    readonly name: string,
    { program = "small", plugin, environment = {} }: Made = {},
  ) {
    const project = join(this.folder, "project");
    const state = join(this.folder, "state");
    mkdirSync(project);
    mkdirSync(state);
    writeFileSync(
      join(project, "Pulumi.yaml"),
      [
        "name: berth",
        "runtime: nodejs",
        `main: ${join(__dirname, "programs", program)}`,
        ...(plugin === undefined
          ? []
          : ["plugins:", "  providers:", "    - name: digitalocean", `      path: ${plugin}`]),
        "",
      ].join("\n"),
    );
    this.file = join(project, `Pulumi.${name}.yaml`);
    this.configure("true");
    this.environment = {
      BERTH_PROJECT: project,
      STACK: name,
      RELEASE: name,
      CHECKS: "no",
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      GITHUB_STEP_SUMMARY: join(this.folder, "summary.md"),
      ...environment,
    };
    mkdirSync(join(projectRoot, "releases"), { recursive: true });
    writeFileSync(this.releaseFile, "{}\n");
  }

  /** Writes the stack's file with this command in its step; without one the program can't run. */
  configure(create?: string): void {
    const lines = ["target: droplet", "release: local", "protectData: true"];
    if (create !== undefined) lines.push(`create: "${create}"`);
    writeFileSync(this.file, `config:\n${lines.map((line) => `  berth:${line}\n`).join("")}`);
  }

  get releaseFile(): string {
    return join(projectRoot, `releases/${this.name}.json`);
  }

  /** What the job's page shows so far. */
  get summary(): string {
    return readFileSync(join(this.folder, "summary.md"), "utf8");
  }

  /** Runs one of the tree's scripts on the stack. */
  run(script: string, environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return ended(join(projectRoot, script), [], { env: { ...this.environment, ...environment } });
  }

  /** Runs the Pulumi CLI on the stack. */
  pulumi(...args: string[]): Promise<Ended> {
    return ended("pulumi", this.arguments(args), { env: this.environment });
  }

  /** Starts the Pulumi CLI and leaves it running. */
  start(...args: string[]): ChildProcess {
    return spawn("pulumi", this.arguments(args), {
      env: { ...process.env, ...this.environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  private arguments(args: readonly string[]): string[] {
    const { BERTH_PROJECT: project = "" } = this.environment;
    return ["--cwd", project, "--stack", this.name, "--non-interactive", ...args];
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
    rmSync(this.releaseFile, { force: true });
    rmSync(join(projectRoot, `artifacts/plan-${this.name}.md`), { force: true });
  }
}
