import { execFileSync } from "node:child_process";

/** The local server of a stack, looked at through Docker, so that looking counts as no login. */
export class LocalServer {
  readonly machine: string;

  constructor(stack: string) {
    this.machine = `berth-${stack}`;
  }

  /** Runs a command on the server as root and gives what it printed. */
  run(...command: string[]): string {
    return execFileSync("docker", ["exec", this.machine, ...command], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 64 * 1024 * 1024,
    }).trim();
  }

  /** Logins that sshd has let in since the server was made. */
  logins(): number {
    this.run("journalctl", "--sync");
    const journal = this.run("journalctl", "-u", "ssh", "--no-pager", "-o", "cat");
    return journal.split("\n").filter((line) => line.startsWith("Accepted publickey ")).length;
  }

  /** Waits until no process of the server has a text in its command line. */
  eventuallyGone(text: string): Promise<void> {
    return eventually(`no process "${text}"`, 120, () => !this.run("ps", "axww").includes(text));
  }

  /** Names of the application's containers that are not running and healthy. */
  unhealthy(): string[] {
    return this.run(
      "docker",
      "ps",
      "--all",
      "--filter",
      "label=com.docker.compose.oneoff=False",
      "--format",
      "{{.Names}}\t{{.State}}\t{{.Status}}",
    )
      .split("\n")
      .filter((line) => !/\trunning\t.*\(healthy\)/.test(line));
  }
}

/** Waits for a condition, asking again and again. */
export async function eventually(
  what: string,
  seconds: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      if (await condition()) return;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`within ${seconds} s not seen: ${what}`, { cause: last });
}

/** Docker's containers, volumes and networks that carry a stack's label. */
export function dockerLeftovers(stack: string): string[] {
  const filter = ["--filter", `label=berth.stack=${stack}`, "--format"];
  const list = (...args: string[]): string[] =>
    execFileSync("docker", args, { encoding: "utf8" })
      .split("\n")
      .filter((line) => line !== "");
  return [
    ...list("ps", "--all", ...filter, "container {{.Names}}"),
    ...list("volume", "ls", ...filter, "volume {{.Name}}"),
    ...list("network", "ls", ...filter, "network {{.Name}}"),
  ];
}
