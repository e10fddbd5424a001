import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IMAGE } from "./postgres-image";
import { type Outcome, attempt, output, until } from "./shell";

/** One container of the image, as hardened as a Compose service would be, and the folder with its data. */
export class DatabaseContainer {
  readonly name = `test-database-image-${randomBytes(3).toString("hex")}`;
  /** What PGDATA is mounted from; belongs to the database's user. */
  readonly data: string;
  private readonly root = mkdtempSync(join(tmpdir(), "berth-image-"));

  constructor() {
    this.data = join(this.root, "data");
  }

  /** Begins again with no container and an empty folder. */
  async fresh(): Promise<void> {
    await attempt("docker", ["rm", "--force", this.name]);
    rmSync(this.data, { recursive: true, force: true });
    this.makeFolder(this.data);
  }

  /** Makes a folder that the database's user may change. */
  makeFolder(path: string): void {
    mkdirSync(path, { recursive: true });
    chownSync(path, 999, 999);
    chmodSync(path, 0o700);
  }

  /** Starts the container, in place of the one before. */
  async launch(
    variables: Readonly<Record<string, string>> = { POSTGRES_USER: "app", POSTGRES_PASSWORD: "w" },
    command: readonly string[] = [],
    options: readonly string[] = [],
  ): Promise<void> {
    await attempt("docker", ["rm", "--force", this.name]);
    await output("docker", [
      ...["run", "--detach", "--name", this.name, "--label", `berth.stack=${this.name}`],
      ...["--network", "none", "--user", "999:999", "--read-only", "--cap-drop", "ALL"],
      ...["--security-opt", "no-new-privileges", "--tmpfs", "/tmp"],
      ...["--tmpfs", "/run/postgresql:uid=999,gid=999"],
      ...["--volume", `${this.data}:/var/lib/postgresql/data`, ...options],
      ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      IMAGE,
      ...command,
    ]);
  }

  /** Starts the container and waits until its health check is green. */
  async launchToHealth(variables?: Readonly<Record<string, string>>): Promise<void> {
    await this.launch(variables);
    await this.health();
  }

  /** Waits until the health check is green. */
  async health(): Promise<void> {
    await until("the database answers", () => this.isHealthy());
  }

  /** What the image's health check says now. */
  async isHealthy(): Promise<boolean> {
    return (await this.run("/usr/local/lib/berth/healthy.sh")).status === 0;
  }

  /** Runs a command inside. */
  async run(...command: readonly string[]): Promise<Outcome> {
    return attempt("docker", ["exec", this.name, ...command]);
  }

  /** Runs a statement as the superuser over the socket. */
  async superuser(sql: string): Promise<Outcome> {
    return this.run("psql", "-XqtA", "-U", "postgres", "-d", "postgres", "-c", sql);
  }

  /** Stops or kills the container. */
  async end(how: "stop" | "kill"): Promise<void> {
    await output(
      "docker",
      how === "stop" ? ["stop", "--time", "300", this.name] : [how, this.name],
    );
  }

  /** Waits for the end of a container; gives its exit code and log. */
  async ended(): Promise<[string, string]> {
    return [await output("docker", ["wait", this.name]), await this.log()];
  }

  /** All that it logged. */
  async log(): Promise<string> {
    const { stdout, stderr } = await attempt("docker", ["logs", this.name]);
    return stdout + stderr;
  }

  /** Removes the container and its folder. */
  async remove(): Promise<void> {
    await attempt("docker", ["rm", "--force", "--volumes", this.name]);
    rmSync(this.root, { recursive: true, force: true });
  }
}
