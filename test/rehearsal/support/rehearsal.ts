import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Project, type Outcome } from "../../e2e/support/project";
import { dockerLeftovers } from "../../e2e/support/server";

/** What provokes an error in the simulated cloud; `simulator/core/faults.ts` reads it. */
export interface Fault {
  readonly kind: string;
  readonly type?: string;
  readonly operation?: string;
  readonly name?: string;
  readonly count?: number;
  readonly after?: number;
  readonly seconds?: number;
}

/**
 * A stack of a cloud in a copy of this tree, rehearsed with the command that people use. Its network, machines and
 * state are its own, so that a rehearsal of the user's is left alone.
 */
export class Rehearsal {
  readonly project: Project;
  // Not within the project: pre-flight refuses a state there.
  private readonly rehearsals = mkdtempSync(join(tmpdir(), "berth-rehearsals-"));
  /** Folder of the generated project. */
  readonly folder: string;

  constructor(
    readonly stack: string,
    readonly name: string,
  ) {
    this.project = new Project(stack, { keepStackFile: true });
    this.folder = join(this.rehearsals, stack);
  }

  private get environment(): NodeJS.ProcessEnv {
    return {
      STACK: this.stack,
      BERTH_REHEARSAL: this.name,
      BERTH_REHEARSALS: this.rehearsals,
    };
  }

  /** Runs `make rehearse` with an action. */
  rehearse(action: string, environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return this.project.make("rehearse", {
      ...this.environment,
      ACTION: action,
      ...environment,
    });
  }

  /** Runs a command in the copy with the environment of the rehearsal: its project, state, credentials and APIs. */
  run(command: string): Promise<Outcome> {
    return this.project.run(
      "bash",
      ["-c", `. ${join(this.folder, "environment.sh")} && ${command}`],
      this.environment,
    );
  }

  /** Runs the Pulumi CLI on the rehearsed stack. */
  pulumi(args: string): Promise<Outcome> {
    return this.run(
      `pulumi --cwd "$BERTH_PROJECT" ${args} --stack ${this.stack} --non-interactive </dev/null`,
    );
  }

  /** The rehearsed stack's state, decrypted. */
  async state(): Promise<{ type: string; urn: string; outputs: Record<string, unknown> }[]> {
    const { status, output } = await this.pulumi("stack export --show-secrets 2>/dev/null");
    if (status !== 0) throw new Error(output);
    const { deployment } = JSON.parse(output) as {
      deployment: {
        resources?: { type: string; urn: string; outputs?: Record<string, unknown> }[];
      };
    };
    return (deployment.resources ?? []).map(({ type, urn, outputs = {} }) => ({
      type,
      urn,
      outputs,
    }));
  }

  /** Outputs of the resource of a name. */
  async outputs(name: string): Promise<Record<string, unknown>> {
    const found = (await this.state()).find(({ urn }) => urn.endsWith(`::${name}`));
    if (found === undefined) throw new Error(`the state has no resource ${name}`);
    return found.outputs;
  }

  /** A stack output, a secret one in clear. */
  async output(name: string): Promise<string> {
    const { status, output } = await this.pulumi(`stack output ${name} --show-secrets`);
    if (status !== 0) throw new Error(output);
    return output.trim();
  }

  /** Changes values of the rehearsed stack's configuration. */
  configure(values: Readonly<Record<string, unknown>>): void {
    const file = join(this.folder, `Pulumi.${this.stack}.yaml`);
    const content = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    for (const [key, value] of Object.entries(values)) content.config[`berth:${key}`] = value;
    writeFileSync(file, stringify(content));
  }

  /** Provokes errors from now on; none when the list is empty. */
  provoke(faults: readonly Fault[]): void {
    const folder = join(this.folder, "simulator");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "faults.json"), JSON.stringify(faults));
  }

  /** Names of the machines that are there, oldest first. */
  machines(): string[] {
    return execFileSync(
      "docker",
      ["ps", "--all", "--filter", `label=berth.stack=${this.name}`, "--format", "{{.Names}}"],
      { encoding: "utf8" },
    )
      .split("\n")
      .filter((name) => name !== "")
      .reverse();
  }

  /** Runs a command on a machine as root and gives what it printed. */
  onMachine(machine: string, ...command: string[]): string {
    return execFileSync("docker", ["exec", machine, ...command], { encoding: "utf8" }).trim();
  }

  /** Destroys the stack and sees that nothing is left, in the state or of the rehearsal; a second time nothing is to do. */
  async destroysToNothing(): Promise<void> {
    const destroy = `CONFIRM=${this.stack} commands/destroy.sh`;
    const first = await this.run(destroy);
    assert.equal(first.status, 0, first.output);
    assert.deepEqual(
      (await this.state()).map(({ type }) => type),
      [],
    );
    const second = await this.run(destroy);
    assert.equal(second.status, 0, second.output);
    const removed = await this.rehearse("remove");
    assert.equal(removed.status, 0, removed.output);
    assert.deepEqual(dockerLeftovers(this.name), []);
  }

  /** Removes everything of the rehearsal, and the copy. */
  async dispose(): Promise<void> {
    const { status, output } = await this.rehearse("remove");
    this.project.dispose();
    rmSync(this.rehearsals, { recursive: true, force: true });
    if (status !== 0) throw new Error(output);
  }

  /** Removes what a run that was killed left behind. */
  async clear(): Promise<void> {
    await this.rehearse("remove");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
