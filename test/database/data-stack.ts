import { rmSync } from "node:fs";
import { join } from "node:path";
import { ADMIN, DatabaseStack, expectSuccess } from "./database-stack";
import { IMAGE, ensureImage } from "./postgres-image";
import { type Outcome, attempt, output } from "./shell";

export { ADMIN, ROLES, encodeInputs, type RoleDeclaration, type Roles } from "./database-stack";

/** A database as it runs on a server: the host scripts, real containers, folders of its own. */
export class DataStack extends DatabaseStack {
  readonly host = "postgres";
  protected readonly clientVariables = {};

  /** Makes the stack; nothing runs yet. */
  static async make(name: string): Promise<DataStack> {
    await ensureImage();
    return new DataStack(name);
  }

  /** Makes the stack with its database running. */
  static async started(name: string): Promise<DataStack> {
    const stack = await DataStack.make(name);
    try {
      await stack.start();
    } catch (error) {
      await stack.remove();
      throw error;
    }
    return stack;
  }

  /** The data services as Compose is told of them. */
  compose(changes: Readonly<Record<string, unknown>> = {}): string {
    const service = {
      image: IMAGE,
      labels: { "berth.stack": this.app },
      init: true,
      user: "999:999",
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      restart: "unless-stopped",
      tmpfs: ["/run/postgresql:uid=999,gid=999,mode=0775", "/tmp"],
      environment: {
        POSTGRES_USER: ADMIN,
        POSTGRES_DB: "hub",
        POSTGRES_PASSWORD: "${POSTGRES_PASSWORD}",
      },
      volumes: [
        { type: "bind", source: this.dataFolder, target: "/var/lib/postgresql/data", bind: {} },
      ],
      networks: ["data"],
      ...changes,
    };
    const networks = { data: { external: true, name: `${this.app}-data` } };
    return JSON.stringify({ services: { postgres: service }, networks });
  }

  get dataFolder(): string {
    return join(this.root, "srv/berth", this.app, "volumes/postgres");
  }

  /** Runs start.sh. */
  async tryStart(changes: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return this.script("start.sh", {
      APP: this.app,
      DATA_COMPOSE: this.compose(),
      ENV_FILE: `POSTGRES_PASSWORD='${this.adminPassword}'\n`,
      SERVICE: "postgres",
      DATABASE: "hub",
      ADMIN_ROLE: ADMIN,
      ADMIN_PASSWORD: this.adminPassword,
      ...changes,
    });
  }

  /** Runs start.sh, which has to succeed. */
  async start(changes: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return expectSuccess("start.sh", await this.tryStart(changes));
  }

  get container(): string {
    return `${this.app}-data-postgres-1`;
  }

  protected get client(): string {
    return this.container;
  }

  /** Runs statements as the superuser over the socket, the only way there is. */
  async superuser(sql: string, database = "hub"): Promise<string> {
    return output(
      "docker",
      [
        ...["exec", "--interactive", this.container, "psql", "--no-psqlrc", "--quiet"],
        ...["--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"],
        ...["--username=postgres", `--dbname=${database}`],
      ],
      { input: sql },
    );
  }

  /** All that the server logged. */
  async log(): Promise<string> {
    const { stdout, stderr } = await attempt("docker", ["logs", this.container]);
    return stdout + stderr;
  }

  /** Removes containers, network and folders. */
  async remove(): Promise<void> {
    await attempt("docker", ["rm", "--force", "--volumes", this.container]);
    await attempt("docker", ["network", "rm", `${this.app}-data`]);
    rmSync(this.root, { recursive: true, force: true });
  }
}
