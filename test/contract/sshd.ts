import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A throw-away OpenSSH server on 127.0.0.1 for the account that runs the tests. */
export class Sshd {
  private child: ChildProcess | undefined;
  private probes = 0;

  private constructor(
    /** Where its files are. */
    readonly folder: string,
    readonly port: number,
    private readonly extraConfig: string,
  ) {}

  /** Makes keys and configuration in `folder`; the server is not started. */
  static async prepare(folder: string, extraConfig = ""): Promise<Sshd> {
    mkdirSync(folder, { recursive: true });
    const server = new Sshd(folder, await freePort(), extraConfig);
    for (const name of ["host_key", "other_key", "client_key"]) makeKey(join(folder, name));
    writeFileSync(join(folder, "sshd_config"), server.config(), { mode: 0o600 });
    return server;
  }

  /** Starts it and waits until it answers. */
  async start(): Promise<void> {
    // sshd run by root insists on this folder, which a service manager would have made.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    const child = spawn(
      sshdProgram(),
      ["-D", "-f", join(this.folder, "sshd_config"), "-E", this.logFile],
      { stdio: "inherit" },
    );
    this.child = child;
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new Error(`sshd ended at once:\n${this.log()}`);
      await pause(20);
    }
    this.probes = this.countInLog("Connection from 127.0.0.1");
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

  /** How many TCP connections came since it answered first. */
  connections(): number {
    return this.countInLog("Connection from 127.0.0.1") - this.probes;
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
export function freePort(): Promise<number> {
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

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
