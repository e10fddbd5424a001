import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A resource as the program in `programs/declared` reads it. */
export interface Declared {
  type: string;
  name: string;
  args: Record<string, unknown>;
  options?: Record<string, unknown>;
}

/** What one run of the engine did. */
export interface Run {
  ok: boolean;
  /** All that the CLI printed. */
  printed: string;
  /** Steps taken, as `create web`, in the engine's order; resources left as they are do not count. */
  steps: string[];
  /** Lines shown as status of a resource while it was worked on. */
  status: (name: string) => string[];
  /** Error messages of all resources. */
  errors: string;
  /** Error messages of one resource. */
  errorsOf: (name: string) => string;
}

/** A resource in the state. */
export interface Recorded {
  urn: string;
  type: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

interface Exported {
  deployment: { resources?: Partial<Recorded>[] };
}

interface EngineEvent {
  resourcePreEvent?: { metadata: { op: string; urn: string } };
  diagnosticEvent?: { urn?: string; message: string; severity: string; ephemeral?: boolean };
}

const projectRoot = resolve(__dirname, "../..");
const UNCHANGED = ["same", "refresh", "read"];

/** A stack of its own backend in a temporary folder. */
export class ContractStack {
  private constructor(
    /** A folder for anything the test needs; gone when the stack is. */
    readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async make(environment: NodeJS.ProcessEnv = {}): Promise<ContractStack> {
    const folder = mkdtempSync(join(tmpdir(), "contract-"));
    const project = join(folder, "project");
    cpSync(join(__dirname, "programs/declared"), project, { recursive: true });
    cpSync(join(projectRoot, "tsconfig.json"), join(project, "tsconfig.json"));
    symlinkSync(join(projectRoot, "node_modules"), join(project, "node_modules"));
    mkdirSync(join(folder, "state"));
    const stack = new ContractStack(folder, {
      ...process.env,
      SSH_AUTH_SOCK: undefined,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "contract",
      PULUMI_CONFIG_PASSPHRASE_FILE: "",
      // The CLI hides its --event-log from those who do not ask for such flags.
      PULUMI_DEBUG_COMMANDS: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      PULUMI_ERROR_OUTPUT_STRING: "true",
      ...environment,
    });
    const made = await stack.pulumi("stack", "init", "contract");
    if (made.status !== 0) throw new Error(`pulumi stack init failed:\n${made.printed}`);
    return stack;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Brings the stack to the declared resources, without a preview. */
  async up(resources: Declared[], ...flags: string[]): Promise<Run> {
    this.declare(resources);
    return this.run("up", "--yes", "--skip-preview", ...flags);
  }

  /** Previews the declared resources. */
  async preview(resources: Declared[], ...flags: string[]): Promise<Run> {
    this.declare(resources);
    return this.run("preview", ...flags);
  }

  async refresh(): Promise<Run> {
    return this.run("refresh", "--yes", "--skip-preview");
  }

  async destroy(): Promise<Run> {
    return this.run("destroy", "--yes", "--skip-preview");
  }

  /** The recorded resource of this name, secrets encrypted; undefined if there is none. */
  async recorded(name: string): Promise<Recorded | undefined> {
    const resources = await this.state();
    return resources.find(({ urn }) => urn.endsWith(`::${name}`));
  }

  /** All recorded resources. */
  async state(...flags: string[]): Promise<Recorded[]> {
    const file = join(this.folder, "export.json");
    await this.pulumi("stack", "export", "--file", file, ...flags);
    const { deployment } = JSON.parse(readFileSync(file, "utf8")) as Exported;
    const empty = { urn: "", type: "", id: "", inputs: {}, outputs: {} };
    return (deployment.resources ?? []).map((resource) => ({ ...empty, ...resource }));
  }

  /** Puts a changed state in place of the recorded one. */
  async editState(edit: (text: string) => string): Promise<void> {
    const file = join(this.folder, "edited.json");
    await this.pulumi("stack", "export", "--file", file);
    writeFileSync(file, edit(readFileSync(file, "utf8")));
    const { status, printed } = await this.pulumi("stack", "import", "--file", file);
    if (status !== 0) throw new Error(`pulumi stack import failed:\n${printed}`);
  }

  private declare(resources: Declared[]): void {
    writeFileSync(join(this.folder, "project/resources.json"), JSON.stringify(resources));
  }

  private async run(...args: string[]): Promise<Run> {
    const eventLog = join(this.folder, "events.json");
    rmSync(eventLog, { force: true });
    const { status, printed } = await this.pulumi(...args, "--event-log", eventLog);
    const lines = existsSync(eventLog) ? readFileSync(eventLog, "utf8").trim().split("\n") : [];
    const events = lines
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as EngineEvent);
    return {
      ok: status === 0,
      printed,
      steps: events.flatMap(({ resourcePreEvent }) => stepsOf(resourcePreEvent)),
      status: (name) =>
        messages(events, ({ urn, ephemeral }) => ephemeral === true && isNamed(urn, name)),
      errors: messages(events, ({ severity }) => severity === "error").join("\n"),
      errorsOf: (name) =>
        messages(events, ({ severity, urn }) => severity === "error" && isNamed(urn, name)).join(
          "\n",
        ),
    };
  }

  private pulumi(...args: string[]): Promise<{ status: number | null; printed: string }> {
    return new Promise((finish, fail) => {
      const child = spawn("pulumi", [...args, "--non-interactive"], {
        cwd: join(this.folder, "project"),
        env: this.environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let printed = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
      }
      child.on("error", fail);
      child.on("close", (status) => finish({ status, printed }));
    });
  }
}

type Diagnostic = NonNullable<EngineEvent["diagnosticEvent"]>;

function messages(events: EngineEvent[], isWanted: (diagnostic: Diagnostic) => boolean): string[] {
  return events
    .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
    .filter(isWanted)
    .map(({ message }) => message.replaceAll(/<\{%[^%]*%\}>/g, "").trimEnd());
}

function isNamed(urn: string | undefined, name: string): boolean {
  return urn?.endsWith(`::${name}`) ?? false;
}

function stepsOf(event: EngineEvent["resourcePreEvent"]): string[] {
  const { op = "same", urn = "" } = event?.metadata ?? {};
  if (UNCHANGED.includes(op) || urn.includes("pulumi:providers:") || urn.includes("pulumi:Stack")) {
    return [];
  }
  return [`${op} ${urn.split("::")[3]}`];
}
