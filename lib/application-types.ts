/** A Compose service as `docker compose config --format json` prints it; only what berth reads is named. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: unknown;
  readonly profiles?: readonly string[];
  readonly volumes?: readonly ComposeVolume[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly healthcheck?: {
    readonly test?: readonly string[];
    readonly disable?: boolean;
    readonly start_period?: string;
    readonly start_interval?: string;
  };
  readonly extra_hosts?: readonly string[] | Readonly<Record<string, string>>;
  readonly restart?: string;
  readonly privileged?: boolean;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly tmpfs?: string | readonly string[];
  readonly mem_limit?: string | number;
  readonly pids_limit?: number;
  readonly deploy?: {
    readonly resources?: {
      readonly limits?: Readonly<Record<string, unknown>>;
      readonly [key: string]: unknown;
    };
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

/** A mount of a Compose service in long form. */
export interface ComposeVolume {
  readonly type: string;
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly [key: string]: unknown;
}

/** A Compose project as `docker compose config --format json` prints it. */
export interface ComposeProject {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly "x-berth"?: unknown;
}

/** A public name of the application. */
export interface Route {
  readonly service: string;
  readonly port: number;
  readonly health: string;
  readonly path: string;
  readonly websocket: boolean;
  readonly bodyLimit: string;
  readonly timeoutSeconds: number;
}

/** Rights of a database role: `owner` makes and alters tables, `write` changes rows, `read` reads them. */
export type Rights = "owner" | "write" | "read";

/** A database role of the application. */
export interface DatabaseRole {
  readonly rights: Rights;
  readonly secret: string;
  readonly readOnlyTables?: readonly string[];
  readonly createdb: boolean;
}

/** The application's PostgreSQL database. */
export interface PostgresDatabase {
  readonly kind: "postgres";
  readonly service: string;
  readonly name: string;
  readonly admin: { readonly role: string; readonly secret: string };
  readonly roles: Readonly<Record<string, DatabaseRole>>;
}

/** A secret of the application: its variable in `.env`, and its length unless it is supplied by the stack. */
export interface SecretDeclaration {
  readonly env: string;
  readonly length: number;
  /** Whether the value comes from the stack's configuration. @default false */
  readonly supplied?: boolean;
}

/** How releases treat a service. */
export type ServiceMode = "doubled" | "single" | "stateful" | "job" | "omit";

/** The `x-berth` block, checked against `x-berth.schema.json`, which documents it and fills in the defaults. */
export interface XBerth {
  readonly routes: Readonly<Record<string, Route>>;
  readonly secrets?: Readonly<Record<string, SecretDeclaration>>;
  readonly database?: PostgresDatabase | { readonly kind: "none" };
  readonly migrate?: { readonly service: string; readonly revisions?: readonly string[] };
  readonly services?: Readonly<
    Record<string, { readonly mode?: ServiceMode; readonly writable?: boolean }>
  >;
  readonly checks?: {
    readonly http?: readonly {
      readonly route: string;
      readonly path: string;
      readonly status: number;
    }[];
    readonly sql?: readonly {
      readonly name: string;
      readonly query: string;
      readonly equals: string;
    }[];
    readonly run?: readonly { readonly service: string; readonly command: readonly string[] }[];
  };
}

/** An application: its Compose project and what berth must know beyond it. */
export interface Application {
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly project: ComposeProject;
  readonly berth: XBerth;
}
