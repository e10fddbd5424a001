import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A throw-away OpenSSH server on 127.0.0.1 for the account that runs the tests. */
export class Sshd {
  private child: ChildProcess | undefined;
  private chosenPort = 0;

  private constructor(
    /** Where its files are. */
    readonly folder: string,
    private readonly extraConfig: string,
  ) {}

  /** Makes keys in `folder`; the server is not started. */
  static prepare(folder: string, extraConfig = ""): Sshd {
    mkdirSync(folder, { recursive: true });
    for (const name of ["host_key", "other_key", "client_key"]) makeKey(join(folder, name));
    return new Sshd(folder, extraConfig);
  }

  /** Where it listens on 127.0.0.1, since it was started. */
  get port(): number {
    return this.chosenPort;
  }

  /** Starts it and waits until it listens; on another port when somebody else was faster to take the one found free. */
  async start(): Promise<void> {
    while (!(await this.startAt(await freePort())));
  }

  /** @returns false when the port is in use */
  private async startAt(port: number): Promise<boolean> {
    this.chosenPort = port;
    writeFileSync(join(this.folder, "sshd_config"), this.config(), { mode: 0o600 });
    rmSync(this.logFile, { force: true });
    // sshd run by root insists on this folder, which a service manager would have made.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    const child = spawn(
      sshdProgram(),
      ["-D", "-f", join(this.folder, "sshd_config"), "-E", this.logFile],
      { stdio: "inherit" },
    );
    this.child = child;
    while (!this.log().includes("Server listening on 127.0.0.1 ")) {
      if (child.exitCode !== null) {
        if (this.log().includes("Address already in use")) return false;
        throw new Error(`sshd ended at once:\n${this.log()}`);
      }
      await pause(20);
    }
    return true;
  }

  async stop(): Promise<void> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  /** Arguments to log in to it. */
  connection(): Record<string, unknown> {
    return {
      host: "127.0.0.1",
      port: this.port,
      user: userInfo().username,
      privateKey: { $secret: readFileSync(join(this.folder, "client_key"), "utf8") },
      hostKey: this.publicKey("host_key"),
      dialErrorLimit: 2,
      // Tests count the dials, and a paused one must not be given up.
      perDialTimeout: 0,
    };
  }

  /** A file of public keys that may log in besides the client's own. */
  get moreKeysFile(): string {
    return join(this.folder, "more_keys");
  }

  /** A public key file's line. */
  publicKey(name: "host_key" | "other_key" | "client_key"): string {
    return readFileSync(join(this.folder, `${name}.pub`), "utf8").trim();
  }

  /** All that the server has logged. */
  log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, "utf8") : "";
  }

  /** How many TCP connections came. */
  connections(): number {
    return this.countInLog("Connection from 127.0.0.1");
  }

  /** How many logins were accepted. */
  logins(): number {
    return this.countInLog("Accepted publickey for ");
  }

  private countInLog(text: string): number {
    return this.log().split(text).length - 1;
  }

  private get logFile(): string {
    return join(this.folder, "sshd.log");
  }

  private config(): string {
    return `
      ListenAddress 127.0.0.1:${this.port}
      HostKey ${join(this.folder, "host_key")}
      AuthorizedKeysFile ${join(this.folder, "client_key.pub")} ${this.moreKeysFile}
      PidFile none
      StrictModes no
      UsePAM no
      PermitRootLogin prohibit-password
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      AcceptEnv LANG LC_*
      LogLevel VERBOSE
      Subsystem sftp internal-sftp
      ${this.extraConfig}
    `;
  }
}

function makeKey(path: string): void {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "contract", "-f", path]);
}

function sshdProgram(): string {
  const program = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].find((path) => existsSync(path));
  if (program === undefined) {
    throw new Error("sshd is missing: install the package openssh-server (it need not be started)");
  }
  return program;
}

/** A port of 127.0.0.1 that is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0),
      );
    });
  });
}
