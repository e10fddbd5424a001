import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseServer } from "../../simulator/aws/rds/database-server";
import { ADMIN, DatabaseStack } from "./database-stack";
import { IMAGE, ensureImage } from "./postgres-image";
import { attempt, output } from "./shell";

const LIBRARY = resolve(__dirname, "../../simulator/aws/rds");
const REGION = "eu-central-1.rds.amazonaws.com";

/** How a client asks for TLS. */
export interface TlsWish {
  readonly mode: "disable" | "require" | "verify-ca" | "verify-full";
  /** Name of a file in the client's folder of authorities. */
  readonly authority?: "right.pem" | "other.pem";
}

/** A database that behaves as RDS, and a client beside it that verifies whom it talks to. */
export class RdsStack extends DatabaseStack {
  readonly host: string;
  /** A name that leads to the server too, but that its certificate does not have. */
  readonly otherName: string;
  readonly server: DatabaseServer;
  wish: TlsWish = { mode: "verify-full", authority: "right.pem" };

  private constructor(name: string) {
    super(name);
    this.host = `${this.app}.c0123456789x.${REGION}`;
    this.otherName = `other.c0123456789x.${REGION}`;
    this.server = new DatabaseServer({
      container: this.container,
      labels: { "berth.stack": this.app },
      folder: join(this.root, "rds"),
      network: this.network,
      networkOptions: [this.host, this.otherName].flatMap((alias) => ["--network-alias", alias]),
      endpoint: this.host,
      port: 5432,
      master: ADMIN,
      database: "hub",
      image: IMAGE,
      authority: join(this.root, "authority"),
      library: LIBRARY,
    });
  }

  /** Makes the stack with its database running. */
  static async started(name: string): Promise<RdsStack> {
    await ensureImage();
    const stack = new RdsStack(name);
    try {
      await output("docker", ["network", "create", stack.network]);
      await stack.server.create(stack.adminPassword, {});
      await stack.startClient();
    } catch (error) {
      await stack.remove();
      throw error;
    }
    return stack;
  }

  override connection(): Record<string, string> {
    const authority = this.wish.authority;
    return {
      ...super.connection(),
      DB_SSLMODE: this.wish.mode,
      DB_CA: authority === undefined ? "" : this.authorities[authority],
    };
  }

  async superuser(sql: string, database = "hub"): Promise<string> {
    return this.server.superuser(sql, database);
  }

  /** Makes all that follows use another kind of connection, until the given function ends. */
  async asking<Result>(wish: TlsWish, act: () => Promise<Result>): Promise<Result> {
    const before = this.wish;
    this.wish = wish;
    try {
      return await act();
    } finally {
      this.wish = before;
    }
  }

  async remove(): Promise<void> {
    await attempt("docker", ["rm", "--force", "--volumes", this.container, this.client]);
    await attempt("docker", ["network", "rm", this.network]);
    rmSync(this.root, { recursive: true, force: true });
  }

  get container(): string {
    return `${this.app}-rds`;
  }

  protected get client(): string {
    return `${this.app}-client`;
  }

  protected get clientVariables(): Record<string, string> {
    const { mode, authority } = this.wish;
    return {
      PGSSLMODE: mode,
      ...(authority === undefined ? {} : { PGSSLROOTCERT: `/authorities/${authority}` }),
    };
  }

  private readonly authorities = { "right.pem": "", "other.pem": "" };

  private get network(): string {
    return `${this.app}-data`;
  }

  private async startClient(): Promise<void> {
    const folder = join(this.root, "client");
    mkdirSync(folder);
    const script = join(LIBRARY, "authority.sh");
    for (const [file, source] of [
      ["right.pem", "authority"],
      ["other.pem", "other"],
    ] as const) {
      const made = await output(script, [join(this.root, source)]);
      this.authorities[file] = await output("cat", [made]);
      copyFileSync(made, join(folder, file));
    }
    await output("docker", [
      ...["run", "--detach", "--name", this.client, "--label", `berth.stack=${this.app}`, "--init"],
      ...["--network", this.network, "--no-healthcheck", "--volume", `${folder}:/authorities:ro`],
      ...["--entrypoint", "sleep", IMAGE, "infinity"],
    ]);
  }
}
