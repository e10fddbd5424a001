import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Project } from "../../e2e/support/project";
import { LocalServer } from "../../e2e/support/server";
import { readApplication } from "../../../lib/application";
import type { Application } from "../../../lib/application-types";
import { makeHostile, suppliedName } from "./hostile-application";
import { hostileValues, markOf, SEED } from "./hostile-values";
import { keyNeedles, needlesOf, type Needles, type Secret } from "./needles";
import { Neighbour, range, type Watch } from "./neighbour";
import { ProcessSampler, type Sample } from "./process-sampler";
import { ServerContainers } from "./server-containers";

/** Name of the stack. */
export const STACK = "test-leaks";
/** A file that developers leave beside their sources, and no image may have. */
export const LEFT_FILE = "apps/battery-hub/api/battery_hub/.env";
const WATCHED = [
  21, 22, 23, 25, 53, 80, 111, 443, 2375, 2376, 2377, 3000, 3306, 4243, 5000, 5100, 5353, 5355,
];
const ALSO_WATCHED = [5432, 6379, 8000, 8001, 8008, 8080, 8443, 9090, 9100, 14000, 15000];
const SLOTS = [...range(20000, 20009), ...range(20100, 20109)];

/** A local stack with hostile values, brought up once while its processes and its ports are watched. */
export class ObservedStack {
  readonly project = new Project(STACK);
  readonly server = new LocalServer(STACK);
  readonly neighbour = new Neighbour(STACK, this.server.machine);
  readonly values = hostileValues(200);
  /** What commands printed: what -> text. */
  readonly printed = new Map<string, string>();
  /** Where commands put temporary files. */
  readonly temporary = mkdtempSync(join(tmpdir(), "berth-test-leaks-"));
  readonly canary: Secret = {
    name: "file beside the sources",
    value: `Canary${SEED}LeftByDeveloper`,
  };
  secrets: readonly Secret[] = [];
  needles: Needles = new Map();
  sample: Sample = { sightings: [], rounds: 0, seconds: 0 };
  watch?: Watch;
  containers?: ServerContainers;
  application?: Application;

  /** Brings it up; what it printed and how it ended is for a test to look at. */
  async up(): Promise<number | null> {
    this.removeLeft();
    this.project.add(LEFT_FILE, `SECRET_KEY=${this.canary.value}\n`);
    await makeHostile(this.project, this.values);
    this.application = readApplication(join(this.project.folder, "apps/battery-hub")).application;
    await this.print("machine/build.sh", "machine/build.sh");
    this.neighbour.makeNetwork();
    const events = this.followDocker();
    const sampler = await ProcessSampler.start();
    try {
      return await this.print("make up", "make", "--no-print-directory", "up");
    } finally {
      this.sample = await sampler.stop();
      events.kill();
      await this.watch?.stop();
    }
  }

  /** Runs a command and keeps what it printed. */
  async print(what: string, program: string, ...args: string[]): Promise<number | null> {
    const { status, output } = await this.project.run(program, args, { TMPDIR: this.temporary });
    this.printed.set(what, output);
    return status;
  }

  /** Reads the secrets once they are there. */
  async readSecrets(): Promise<void> {
    const names = Object.keys(this.application?.berth.secrets ?? {});
    const { output } = await this.project.pulumi("stack", "output", "--json", "--show-secrets");
    const outputs = JSON.parse(output) as Record<string, unknown>;
    this.secrets = names.map((name) => ({ name, value: String(outputs[name]) }));
    const { privateKey } = outputs.login as { privateKey: string };
    this.needles = new Map([
      ...needlesOf([...this.secrets.map((one) => this.marked(one)), this.canary]),
      ...keyNeedles("private SSH key", privateKey),
    ]);
  }

  /** Names of the secrets that a service is given by the Compose file. */
  secretsOf(service: string): string[] {
    // The database's administrator is made by a verifier; its container knows no password.
    if (service === "postgres") return [];
    const environment = JSON.stringify(
      this.application?.project.services[service]?.environment ?? {},
    );
    return Object.entries(this.application?.berth.secrets ?? {})
      .filter(([, { env }]) => new RegExp(`\\$\\{${env}[:}]`).test(environment))
      .map(([name]) => name);
  }

  // Parts of a hostile value are well known, and stand in the tests themselves.
  private marked({ name, value }: Secret): Secret {
    const index = this.values.findIndex((_, number) => suppliedName(number) === name);
    return { name, value: index < 0 ? value : markOf(index) };
  }

  /** Removes everything. */
  async remove(): Promise<void> {
    await this.watch?.stop().catch(() => undefined);
    await this.containers?.stop();
    this.removeLeft();
    rmSync(this.temporary, { recursive: true, force: true });
    this.project.dispose();
  }

  private removeLeft(): void {
    this.neighbour.remove();
    this.project.removeLeftServer();
  }

  // The network comes seconds before the server, and the server joins the other network as it starts.
  private followDocker(): ReturnType<typeof spawn> {
    const format = "{{.Type}} {{.Action}} {{.Actor.Attributes.name}}";
    // Events since now are told also when Docker is slow to listen.
    const since = String(Math.floor(Date.now() / 1000));
    const child = spawn("docker", ["events", "--since", since, "--format", format], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.hear(line);
    });
    return child;
  }

  private hear(line: string): void {
    const { machine } = this.server;
    try {
      if (line === `network create ${machine}`) {
        this.neighbour.start();
        const addresses = [this.neighbour.address4, this.neighbour.address6];
        const tcp = [...WATCHED, ...ALSO_WATCHED, ...SLOTS];
        this.watch = this.neighbour.watch({ addresses, tcp, udp: WATCHED, seconds: 1 });
      } else if (line === `container start ${machine}` && this.containers === undefined) {
        this.neighbour.joinServer();
        this.containers = new ServerContainers(machine);
      }
    } catch (error) {
      this.printed.set("observation", String(error));
    }
  }

  /**
   * Adds lines to the API, so that it ends with all its environment on its lips: at one go and on the stream of its
   * last words, as Docker may put what comes on the other one after them.
   */
  breakApi(): void {
    this.project.edit(
      "apps/battery-hub/api/battery_hub/app.py",
      (text) =>
        `${text}\nimport os\nimport sys\n\nsys.stderr.write("".join(f"{name}={value}\\n" for name, value in os.environ.items()))\nraise RuntimeError(f"can't start with {dict(os.environ)}")\n`,
    );
  }

  /** Marks now, for a search of files that are newer. */
  mark(): string {
    const file = join(this.temporary, "mark");
    writeFileSync(file, "");
    return file;
  }
}
