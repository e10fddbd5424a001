import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "./docker";
import { renderAccess, renderParameters } from "./settings";

const POSTGRES_UID = 999;
const START_SECONDS = 120;
const POLL_MS = 100;

/** What a simulated RDS instance is made of; nothing of it changes while it exists. */
export interface DatabaseServerSettings {
  /** Name of the container. */
  readonly container: string;
  /** Labels of the container. */
  readonly labels: Readonly<Record<string, string>>;
  /** Folder of its own: settings and data. */
  readonly folder: string;
  /** Docker network, and options of its connection to it, such as `--ip`. */
  readonly network: string;
  readonly networkOptions: readonly string[];
  /** Host name that the certificate is made for. */
  readonly endpoint: string;
  readonly port: number;
  /** User that is given out; no superuser. */
  readonly master: string;
  /** Database to make; "" for none. */
  readonly database: string;
  /** Image of images/postgres. */
  readonly image: string;
  /** Folder of the authority, see authority.sh. */
  readonly authority: string;
  /** Folder with the scripts beside this file. */
  readonly library: string;
}

/** PostgreSQL 17 in a container that lets in, owns and refuses as RDS does. */
export class DatabaseServer {
  constructor(private readonly settings: DatabaseServerSettings) {}

  /**
   * Makes the server and waits until it answers.
   *
   * @param password of the master
   * @param parameters of the parameter group by name
   */
  async create(password: string, parameters: Readonly<Record<string, string>>): Promise<void> {
    const { container, folder, image, endpoint, authority, library } = this.settings;
    for (const part of ["data", "settings"]) ownedFolder(join(folder, part));
    const certificate = await execute(join(library, "authority.sh"), [authority, endpoint]);
    for (const file of ["server.crt", "server.key"]) {
      copyFileSync(join(certificate, file), this.setting(file));
      secure(this.setting(file));
    }
    copyFileSync(join(library, "postgresql.conf"), this.setting("postgresql.conf"));
    secure(this.setting("postgresql.conf"));
    this.write("password", password);
    this.writeParameters(parameters);
    const { labels, network, networkOptions, master, database } = this.settings;
    await execute("docker", [
      ...[
        "run",
        "--detach",
        "--name",
        container,
        "--restart",
        "unless-stopped",
        "--no-healthcheck",
      ],
      ...Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
      ...["--network", network, ...networkOptions, "--user", "999:999", "--read-only"],
      ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--tmpfs", "/tmp"],
      ...["--tmpfs", "/run/postgresql:uid=999,gid=999", "--stop-timeout", "30"],
      ...["--volume", `${join(folder, "data")}:/var/lib/postgresql/data`],
      ...["--volume", `${join(folder, "settings")}:/rds:ro`],
      ...["--volume", `${library}:/usr/local/lib/rds:ro`],
      ...["--entrypoint", "/usr/local/lib/rds/start.sh", image, master, database],
    ]);
    await this.ready();
    rmSync(this.setting("password"));
  }

  /** Waits until the server answers a query over the network. */
  async ready(): Promise<void> {
    const { container, port } = this.settings;
    const deadline = Date.now() + START_SECONDS * 1000;
    // Until its first start is through, it answers on the socket alone.
    const isReady = `pg_isready --quiet --host=127.0.0.1 --port=${port}`;
    for (;;) {
      try {
        await execute("docker", ["exec", container, ...isReady.split(" ")]);
        return;
      } catch (error) {
        if (Date.now() > deadline) throw new Error(await this.complaint(error));
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Gives the master another password; sessions stay. */
  async setPassword(password: string): Promise<void> {
    const text = (value: string) => `'${value.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
    await this.superuser(
      `\\set master ${text(this.settings.master)}\n\\set password ${text(password)}\n` +
        `SET log_min_error_statement = panic;\nALTER ROLE :"master" PASSWORD :'password';\n`,
    );
  }

  /** Puts the parameters of the group in force, those that need no restart. */
  async setParameters(parameters: Readonly<Record<string, string>>): Promise<void> {
    this.writeParameters(parameters);
    await this.superuser("SELECT pg_reload_conf() \\g /dev/null\n");
  }

  /** Restarts the server and waits for it; all parameters are in force then. */
  async reboot(): Promise<void> {
    await execute("docker", ["restart", "--time", "30", this.settings.container]);
    await this.ready();
  }

  /** Runs statements as rdsadmin, who gets in only over the socket; gives the unaligned output. */
  async superuser(sql: string, database = "postgres"): Promise<string> {
    const { container, port } = this.settings;
    return execute(
      "docker",
      [
        ...["exec", "--interactive", container, "psql", "--no-psqlrc", "--quiet", "--tuples-only"],
        ...["--no-align", "--set=ON_ERROR_STOP=1", "--host=/run/postgresql", `--port=${port}`],
        ...["--username=rdsadmin", `--dbname=${database}`],
      ],
      { input: sql },
    );
  }

  /** All that the server logged. */
  async log(): Promise<string> {
    return execute("docker", ["logs", this.settings.container], { withErrors: true });
  }

  /** Removes the container and all data. */
  async remove(): Promise<void> {
    await execute("docker", ["rm", "--force", "--volumes", this.settings.container]);
    rmSync(this.settings.folder, { recursive: true, force: true });
  }

  private setting(file: string): string {
    return join(this.settings.folder, "settings", file);
  }

  private writeParameters(parameters: Readonly<Record<string, string>>): void {
    this.write("parameters.conf", renderParameters(this.settings.port, parameters));
    this.write("pg_hba.conf", renderAccess(parameters));
  }

  // The server may read at any time, so a file appears whole.
  private write(file: string, text: string): void {
    const beside = this.setting(`.${file}`);
    writeFileSync(beside, text, { mode: 0o600 });
    secure(beside);
    renameSync(beside, this.setting(file));
  }

  private async complaint(error: unknown): Promise<string> {
    const { container } = this.settings;
    const log = await this.log().catch(() => "");
    return `database ${container} does not answer within ${START_SECONDS} s: ${String(error)}\n${log.slice(-1000)}`;
  }
}

function ownedFolder(path: string): void {
  if (!existsSync(path)) mkdirSync(path, { recursive: true, mode: 0o700 });
  chownSync(path, POSTGRES_UID, POSTGRES_UID);
}

function secure(path: string): void {
  chmodSync(path, 0o600);
  chownSync(path, POSTGRES_UID, POSTGRES_UID);
}
