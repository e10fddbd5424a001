import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Notes which Compose service each container of a local server runs, those that are gone again included. */
export class ServerContainers {
  private readonly services = new Map<string, string>();
  private readonly child: ChildProcess;

  constructor(machine: string) {
    // Docker comes with the first boot, and is restarted once; its events of before are told again.
    const follow = `until docker info >/dev/null 2>&1; do sleep 0.1; done
      while sleep 0.1; do docker events --since 1h --filter type=container --filter event=create \
        --format '{{.ID}} {{index .Actor.Attributes "com.docker.compose.service"}}'; done`;
    const child = spawn("docker", ["exec", machine, "bash", "-c", follow], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.child = child;
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [id = "", service = ""] = line.split(" ");
        this.services.set(id, service);
      }
    });
  }

  /** The service that a container runs, empty for one that is none of the application's. */
  serviceOf(container: string): string {
    return this.services.get(container) ?? "";
  }

  /** Services of which a container was seen. */
  get seen(): string[] {
    return [...new Set(this.services.values())].filter((name) => name !== "").sort();
  }

  /** Ends it. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill();
    await once(this.child, "close");
  }
}
