import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { IMAGE } from "./postgres-image";
import { type Outcome, type Running, attempt, begin } from "./shell";

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

/** A database with the host scripts that bring it to its declared state, in folders of its own. */
export abstract class DatabaseStack {
  /** Stands before /opt and /srv. */
  readonly root = mkdtempSync(join(tmpdir(), "berth-database-"));
  readonly app: string;
  adminPassword = "admin-word-1";

  protected constructor(name: string) {
    this.app = `test-database-${name}-${randomBytes(3).toString("hex")}`;
  }

  /** Container in which psql reaches the database, and the variables that it needs there. */
  protected abstract readonly client: string;
  protected abstract readonly clientVariables: Readonly<Record<string, string>>;

  /** Name of the database's host, as the scripts and the clients know it. */
  abstract readonly host: string;

  /** Runs statements as the superuser over the socket, the only way there is. */
  abstract superuser(sql: string, database?: string): Promise<string>;

  /** Removes containers, network and folders. */
  abstract remove(): Promise<void>;

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
      DB_HOST: this.host,
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
        ...["exec", "--interactive", "--env", "PGPASSWORD"],
        ...Object.entries(this.clientVariables).flatMap(([name, value]) => [
          "--env",
          `${name}=${value}`,
        ]),
        this.client,
        ...["psql", "--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align"],
        ...[`--host=${this.host}`, `--username=${role}`, `--dbname=${database}`, ...options],
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

  private passwordOf(role: string): string {
    return role === ADMIN ? this.adminPassword : (ROLES[role]?.password ?? "");
  }
}

/** Gives the outcome on, which has to be a success. */
export function expectSuccess(what: string, outcome: Outcome): Outcome {
  if (outcome.status === 0) return outcome;
  throw new Error(`${what} ended with ${outcome.status}\n${outcome.stdout}${outcome.stderr}`);
}
