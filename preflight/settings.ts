import { renderStepInput } from "../lib/step-input";

/** Kinds of server that pre-flight knows checks for. */
export type PreflightTarget = "droplet" | "ec2" | "existing";

/** A server that is there already. */
export interface ExistingServer {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Its ed25519 host key, `ssh-ed25519 AAAA...`. */
  readonly hostKey: string;
}

/** What pre-flight looks at; holds no secret, credentials come from the environment. */
export interface PreflightSettings {
  readonly stack: string;
  /** Name of the application. */
  readonly app: string;
  readonly target: PreflightTarget;
  /** Region slug at DigitalOcean (fra1), region name at AWS (eu-central-1). */
  readonly region: string;
  /** Size slug of the droplet, type of the instance. */
  readonly size: string;
  /** Image slug at DigitalOcean, AMI id at AWS. */
  readonly image: string;
  /** Size of the data volume in GiB. */
  readonly volumeSizeGb: number;
  /** DNS zone: name of the domain at DigitalOcean, id of the hosted zone at AWS; empty = none. */
  readonly zone: string;
  /** Domains of the application's routes. */
  readonly domains: readonly string[];
  /** Networks that may reach SSH. */
  readonly sshCidrs: readonly string[];
  /** Directory URL of the certificate authority. */
  readonly acmeServer: string;
  /** Certificates (PEM) to trust beside the public ones; empty = none. */
  readonly trustedCertificates: string;
  /** Platform of the release's images, such as `linux/amd64`. */
  readonly platform: string;
  /** Class of the RDS instance; empty = no managed database. */
  readonly databaseSize: string;
  /** Certificates (PEM) that the managed database's certificate is verified with. */
  readonly databaseAuthority: string;
  /** URL of the state backend; empty = the one of the environment or of `pulumi login`. */
  readonly backendUrl: string;
  /** Secrets provider of the stack's file, such as `awskms://...`; empty or `passphrase` = passphrase. */
  readonly secretsProvider: string;
  /** Name of the server; other names of ours are made from it. */
  readonly serverName: string;
  /** Generation of the server, from 1; a raised one makes another server before the old one goes. */
  readonly serverGeneration: number;
  readonly existingServer: ExistingServer | null;
  /** Names of the checks to leave out. */
  readonly skip: readonly string[];
}

/** Renders the settings as `preflight/run.sh` reads them on stdin. */
export function renderPreflightInput(settings: PreflightSettings): string {
  return renderStepInput({ SETTINGS: JSON.stringify(settings) });
}

/**
 * Reads what {@link renderPreflightInput} rendered.
 *
 * @throws when the line is missing or its value is no JSON object.
 */
export function parsePreflightInput(text: string): PreflightSettings {
  const line = text.split("\n").find((candidate) => candidate.startsWith("SETTINGS="));
  if (line === undefined) throw new Error("no line SETTINGS=<base64 JSON> on stdin");
  const json = Buffer.from(line.slice("SETTINGS=".length), "base64").toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error("the value of SETTINGS is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("the value of SETTINGS is no JSON object");
  }
  return value as PreflightSettings;
}
