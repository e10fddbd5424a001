import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "..", "..", "..");

/** How a command ended and what it printed, both streams together. */
export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

// Hard links cost nothing, and npm replaces files, never writes into them; another file system gets whole copies.
function copyModules(folder: string): void {
  const modules = join(root, "node_modules");
  try {
    execFileSync("cp", ["-al", modules, folder], { stdio: "ignore" });
  } catch {
    rmSync(join(folder, "node_modules"), { recursive: true, force: true });
    execFileSync("cp", ["-a", modules, folder]);
  }
}

/** A copy of this tree with a stack and a state of its own, driven by the commands that people use. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "berth-e2e-"));
  /** Environment of the commands: the stack, with a state and a passphrase of its own. */
  readonly environment: NodeJS.ProcessEnv;

  /**
   * @param options.keepStackFile the stack's own file is used, not a copy of `dev`'s
   * @param options.linkModules the tree's own npm packages are used, for runs that end before they could change them
   */
  constructor(
    readonly stack: string,
    options: { readonly keepStackFile?: boolean; readonly linkModules?: boolean } = {},
  ) {
    const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
    });
    for (const file of files.split("\n").filter((name) => name !== "")) {
      copyIfThere(join(root, file), join(this.folder, file));
    }
    // With the mark of the set-up, so that it is not installed once more.
    if (options.linkModules === true) {
      symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    } else copyModules(this.folder);
    if (options.keepStackFile !== true) {
      cpSync(join(this.folder, "Pulumi.dev.yaml"), join(this.folder, `Pulumi.${stack}.yaml`));
    }
    const state = mkdtempSync(join(this.folder, "state-"));
    const passphrase = join(this.folder, "passphrase");
    writeFileSync(passphrase, "only for tests", { mode: 0o600 });
    this.environment = {
      ...process.env,
      STACK: stack,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
      NODE_TEST_CONTEXT: undefined,
    };
  }

  /** Runs a command in the copy; what it prints is shown on failure only. */
  run(
    command: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: this.folder,
        env: { ...this.environment, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8");
        stream.on("data", (text: string) => (output += text));
      }
      child.on("error", reject);
      child.on("close", (status) => resolve({ status, output }));
    });
  }

  /** Runs a command in a group of its own until its output matches, then interrupts the group as a terminal does. */
  runUntil(
    command: string,
    pattern: RegExp,
    environment: NodeJS.ProcessEnv = {},
    signal: NodeJS.Signals = "SIGINT",
  ): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, [], {
        cwd: this.folder,
        env: { ...this.environment, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      let output = "";
      let isInterrupted = false;
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
          if (isInterrupted || child.pid === undefined || !pattern.test(output)) return;
          isInterrupted = true;
          process.kill(-child.pid, signal);
        });
      }
      child.on("error", reject);
      child.on("close", (status) => resolve({ status, output }));
    });
  }

  /** Runs a target of the Makefile. */
  make(target: string, environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return this.run("make", ["--no-print-directory", target], environment);
  }

  /** Runs the Pulumi CLI on the stack. */
  pulumi(...args: string[]): Promise<Outcome> {
    return this.run("pulumi", [...args, "--stack", this.stack, "--non-interactive"]);
  }

  /** A stack output, a secret one in clear. */
  async output(name: string): Promise<string> {
    const { status, output } = await this.pulumi("stack", "output", name, "--show-secrets");
    if (status !== 0) throw new Error(output);
    return output.trim();
  }

  /** Changes a file of the copy. */
  edit(path: string, change: (text: string) => string): void {
    const file = join(this.folder, path);
    const text = readFileSync(file, "utf8");
    const changed = change(text);
    if (changed === text) throw new Error(`the change of ${path} changes nothing`);
    writeFileSync(file, changed);
  }

  /** Adds a file to the copy. */
  add(path: string, text: string): void {
    execFileSync("mkdir", ["-p", dirname(join(this.folder, path))]);
    writeFileSync(join(this.folder, path), text);
  }

  /** Takes a file out of the copy. */
  remove(path: string): void {
    rmSync(join(this.folder, path));
  }

  /** Removes the server that a run leaves behind which was killed. */
  removeLeftServer(): void {
    for (const script of ["remove.sh", "acme-remove.sh"]) {
      execFileSync(join(this.folder, "machine", script), [`berth-${this.stack}`], {
        stdio: "ignore",
      });
    }
  }

  /** Removes the copy. */
  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// Files of other tests come and go.
function copyIfThere(from: string, to: string): void {
  try {
    cpSync(from, to, { errorOnExist: false, preserveTimestamps: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
