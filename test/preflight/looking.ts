import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sshpk from "sshpk";
import type { Check, Context } from "../../preflight/check";
import { callerAddress } from "../../preflight/caller-address";
import { CHECKS } from "../../preflight/checks";
import { AwsAccount, loadAwsClients } from "../../preflight/cloud/aws";
import { DigitalOceanAccount } from "../../preflight/cloud/digitalocean";
import type { AskServers } from "../../preflight/public-names";
import { bound, runChecks, type Report } from "../../preflight/run-checks";
import type { PreflightSettings } from "../../preflight/settings";
import type { SimulatedCloud } from "./simulated-cloud";

const DAY = 24 * 3600 * 1000;
const folder = mkdtempSync(join(tmpdir(), "pre-"));
process.on("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});
writeFileSync(join(folder, "passphrase"), "correct horse battery staple\n", { mode: 0o600 });

/** What the checks may take here, as a busy machine pauses for longer than people would wait. */
export const BOUND_SECONDS = 120;

/** Environment in which state and secrets are in order. */
export const STATE = {
  BERTH_PREFLIGHT_SECONDS: String(BOUND_SECONDS),
  PULUMI_BACKEND_URL: `file://${folder}/state`,
  PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
};

/** Makes a certificate (PEM) that is good between two days, counted from today. */
export function certificate(from = -1, until = 365): string {
  const key = sshpk.generatePrivateKey("ecdsa");
  const options = {
    validFrom: new Date(Date.now() + from * DAY),
    validUntil: new Date(Date.now() + until * DAY),
  };
  const subject = sshpk.identityForHost("rds.example.org");
  return sshpk.createSelfSignedCertificate([subject], key, options).toBuffer("pem").toString();
}

/** Settings of a droplet that pass, as long as the certificate authority is left out. */
export const DROPLET: PreflightSettings = {
  stack: "prod",
  app: "shop",
  target: "droplet",
  region: "fra1",
  size: "s-2vcpu-4gb",
  image: "debian-13-x64",
  volumeSizeGb: 20,
  zone: "example.org",
  domains: ["shop.example.org", "api.shop.example.org"],
  sshCidrs: ["203.0.113.0/24"],
  acmeServer: "https://acme.example/directory",
  trustedCertificates: "",
  platform: "linux/amd64",
  databaseSize: "",
  databaseAuthority: "",
  backendUrl: "",
  secretsProvider: "",
  serverName: "shop-prod",
  serverGeneration: 1,
  existingServer: null,
  skip: ["certificate-authority"],
};

/** Settings of an instance that pass, as long as the certificate authority is left out. */
export const EC2: PreflightSettings = {
  ...DROPLET,
  target: "ec2",
  region: "eu-central-1",
  size: "t3.medium",
  image: "ami-0123456789abcdef0",
  zone: "Z0123456789ABC",
  databaseSize: "db.t4g.small",
  databaseAuthority: certificate(),
};

/** What differs from a first, quick look with everything in order. */
export interface Circumstances {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly firstRun?: boolean;
  readonly publicCloud?: boolean;
  readonly checks?: readonly Check[];
  readonly boundMs?: number;
  readonly askServers?: AskServers;
}

/** Runs the checks in this process, whose environment must lead the AWS clients to the simulated cloud. */
export async function look(
  cloud: SimulatedCloud,
  settings: PreflightSettings,
  circumstances: Circumstances = {},
): Promise<Report> {
  const env = { ...STATE, ...cloud.env, ...circumstances.env };
  if (settings.target === "ec2") await loadAwsClients(settings);
  const signal = bound(circumstances.boundMs ?? BOUND_SECONDS * 1000);
  const context: Context = {
    settings,
    env,
    projectRoot: join(__dirname, "../.."),
    firstRun: circumstances.firstRun ?? true,
    publicCloud: circumstances.publicCloud ?? false,
    signal,
    digitalOcean: new DigitalOceanAccount(settings, env, signal),
    aws: new AwsAccount(settings, signal),
    askServers: circumstances.askServers ?? (() => Promise.reject(new Error("not asked"))),
    callerAddress: callerAddress(env, signal),
  };
  return runChecks(circumstances.checks ?? CHECKS, context);
}

/** Leads the AWS clients of this process to the simulated cloud. */
export function useCloud(cloud: SimulatedCloud): void {
  Object.assign(process.env, cloud.env);
}
