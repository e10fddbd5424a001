import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { IMAGE, ensureImage } from "./postgres-image";
import { type Outcome, type Running, attempt, begin, output } from "./shell";

const SCRIPTS = resolve(__dirname, "../../host/database");

/** What ROLES says of one role. */
export interface RoleDeclaration {
  readonly rights: "owner" | "write" | "read";
  readonly password: string;
  readonly readOnlyTables?: readonly string[];
  readonly createdb?: boolean;
}

/** Roles by name, as roles.sh takes them. */
export type Roles = Readonly<Record<string, RoleDeclaration>>;

/** The roles that most tests declare. */
export const ROLES: Roles = {
  migration_user: { rights: "owner", password: "migration-word-1" },
  api_user: { rights: "write", password: "api-word-1", readOnlyTables: ["alembic_version"] },
  panel_readonly: { rights: "read", password: "panel-word-1" },
};

/** The database's admin, and what it is called everywhere in the tests. */
export const ADMIN = "beppp";

/** Puts values into the form that host scripts read from stdin. */
export function encodeInputs(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${Buffer.from(value).toString("base64")}\n`)
    .join("");
}

/** A database as it runs on a server: the host scripts, real containers, folders of its own. */
export class DataStack {
  /** Stands before /opt and /srv. */
  readonly root = mkdtempSync(join(tmpdir(), "berth-database-"));
  readonly app: string;
  adminPassword = "admin-word-1";

  private constructor(name: string) {
    this.app = `test-database-${name}-${randomBytes(3).toString("hex")}`;
  }

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

  /** Runs roles.sh. */
  async trySettle(roles: Roles): Promise<Outcome> {
    return this.script("roles.sh", { ...this.connection(), ROLES: JSON.stringify(roles) });
  }

  /** Runs roles.sh, which has to succeed; gives its lines. */
  async settle(roles: Roles = ROLES): Promise<string[]> {
    const { stdout } = expectSuccess("roles.sh", await this.trySettle(roles));
    return stdout.trim().split("\n");
  }

  /** The connection inputs of the scripts. */
  connection(): Record<string, string> {
    return {
      APP: this.app,
      POSTGRES_IMAGE: IMAGE,
      DB_HOST: "postgres",
      DB_PORT: "5432",
      DATABASE: "hub",
      ADMIN_ROLE: ADMIN,
      ADMIN_PASSWORD: this.adminPassword,
    };
  }

  /** Runs a host script to its end. */
  async script(
    name: string,
    inputs: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ): Promise<Outcome> {
    return this.beginScript(name, inputs, args).ended;
  }

  /** Starts a host script. */
  beginScript(
    name: string,
    inputs: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ): Running {
    return begin(join(SCRIPTS, name), args, {
      input: encodeInputs(inputs),
      env: { BERTH_ROOT: this.root },
    });
  }

  get container(): string {
    return `${this.app}-data-postgres-1`;
  }

  /** Runs statements over TCP as a role with its password; the output is unaligned, without headings. */
  async query(
    role: string,
    password: string,
    sql: string,
    database = "hub",
    options: readonly string[] = ["--set=ON_ERROR_STOP=1"],
  ): Promise<Outcome> {
    return attempt(
      "docker",
      [
        ...["exec", "--interactive", "--env", "PGPASSWORD", this.container],
        ...["psql", "--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align"],
        ...["--host=postgres", `--username=${role}`, `--dbname=${database}`, ...options],
      ],
      { input: sql, env: { PGPASSWORD: password } },
    );
  }

  /** Whether a role gets in over TCP with a password. */
  async logsIn(role: string, password: string): Promise<boolean> {
    return (await this.query(role, password, "SELECT 1")).status === 0;
  }

  /** Runs statements as a role that has to succeed. */
  async run(role: string, sql: string, password = this.passwordOf(role)): Promise<string> {
    return expectSuccess(sql, await this.query(role, password, sql)).stdout.trim();
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

  private passwordOf(role: string): string {
    return role === ADMIN ? this.adminPassword : (ROLES[role]?.password ?? "");
  }
}

function expectSuccess(what: string, outcome: Outcome): Outcome {
  if (outcome.status === 0) return outcome;
  throw new Error(`${what} ended with ${outcome.status}\n${outcome.stdout}${outcome.stderr}`);
}
