import { spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";

/** The clone under test. */
export const projectRoot = resolve(__dirname, "../..");
const shims = join(__dirname, "shims");

/** The cache that `make setup` fills on this machine. */
export const machineCache =
  process.env["BERTH_CACHE"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "berth");

/** What a command printed and how it ended. */
export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A run that may be watched and ended. */
export interface Running {
  process: ChildProcess;
  /** Resolves when the text was printed; rejects when the run ends without it. */
  printed: (text: string) => Promise<void>;
  finished: Promise<Finished>;
}

/** An empty cache and a PATH of the test's own, in a temporary folder. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), "toolchain-"));
  readonly cache = join(this.folder, "cache");
  readonly buildLog = join(this.folder, "builds");
  private readonly environment: NodeJS.ProcessEnv = {
    PATH: process.env["PATH"],
    HOME: join(this.folder, "home"),
    BERTH_CACHE: this.cache,
    BERTH_OFFICIAL: "no",
    SHIM_LOG: this.buildLog,
  };

  constructor() {
    mkdirSync(join(this.folder, "home"));
  }

  /** Sets environment variables; `undefined` removes one. */
  with(variables: NodeJS.ProcessEnv): this {
    Object.assign(this.environment, variables);
    return this;
  }

  /** Puts a shim before the machine's own command. */
  withShim(name: "go" | "uname"): this {
    const folder = join(this.folder, "shims");
    mkdirSync(folder, { recursive: true });
    symlinkSync(join(shims, name), join(folder, name));
    if (!this.path.startsWith(folder)) this.path = `${folder}:${this.path}`;
    return this;
  }

  /** Leaves only these commands on PATH, and the shims that were put before them. */
  withOnly(commands: string[]): this {
    const folder = join(this.folder, "commands");
    mkdirSync(folder, { recursive: true });
    for (const command of commands) {
      const found = this.path
        .split(":")
        .filter((place) => !place.startsWith(this.folder))
        .map((place) => join(place, command))
        .find((file) => existsSync(file));
      if (found === undefined) throw new Error(`this machine has no ${command}`);
      symlinkSync(found, join(folder, command));
    }
    const first = join(this.folder, "shims");
    this.path = existsSync(first) ? `${first}:${folder}` : folder;
    return this;
  }

  private get path(): string {
    return this.environment["PATH"] ?? "";
  }

  private set path(path: string) {
    this.environment["PATH"] = path;
  }

  /** Runs a command to its end. */
  run(command: string, ...parameters: string[]): Promise<Finished> {
    return this.start(command, ...parameters).finished;
  }

  /** Runs `toolchain/setup.sh` of this clone to its end. */
  setUp(...parameters: string[]): Promise<Finished> {
    return this.startSetUp(...parameters).finished;
  }

  /** Starts `toolchain/setup.sh` of this clone. */
  startSetUp(...parameters: string[]): Running {
    return this.start("bash", join(projectRoot, "toolchain/setup.sh"), ...parameters);
  }

  /** Starts a command. */
  start(command: string, ...parameters: string[]): Running {
    const child = spawn(command, parameters, {
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    const finished = new Promise<Finished>((done, failed) => {
      child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
      child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
      child.on("error", failed);
      child.on("close", (code) => {
        done({ code, stdout, stderr });
      });
    });
    const printed = (text: string) =>
      new Promise<void>((done, failed) => {
        const look = () => {
          if (stdout.includes(text)) done();
        };
        child.stdout.on("data", look);
        look();
        void finished.then((end) => {
          failed(new Error(`ended without "${text}":\n${end.stdout}${end.stderr}`));
        }, failed);
      });
    return { process: child, printed, finished };
  }

  /** Names of the commands whose builds were begun. */
  builds(): string[] {
    if (!existsSync(this.buildLog)) return [];
    return readFileSync(this.buildLog, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split(" ")[1] ?? "");
  }

  /** Whether the cache offers the command. */
  offers(command: string): boolean {
    return existsSync(join(this.cache, "bin", command));
  }

  /** Names in a folder of the cache, hidden ones too. */
  list(folder: string): string[] {
    const path = join(this.cache, folder);
    return existsSync(path) ? readdirSync(path).sort() : [];
  }

  /** Writes a file in the test's folder and gives its path. */
  write(name: string, content: string | Buffer, mode = 0o644): string {
    const path = join(this.folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Resolves when the condition holds; rejects when it does not for minutes. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await setTimeout(20);
  }
}

/** A test on a machine of its own. */
export function onMachine(title: string, body: (machine: Machine) => Promise<void>): void {
  test(title, async () => {
    const machine = new Machine();
    try {
      await body(machine);
    } finally {
      machine.remove();
    }
  });
}
