import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";

/** Kinds of server. */
export const TARGETS = ["local", "droplet", "ec2", "existing"] as const;

/** Kind of server that a stack runs on. */
export type Target = (typeof TARGETS)[number];

/** What a cloud server is made from. */
export interface CloudSettings {
  readonly region: string;
  readonly size: string;
  readonly image: string;
  readonly volumeSizeGb: number;
  /** DNS zone for the records; empty when the operator makes them. */
  readonly zone: string;
  readonly sshCidrs: readonly string[];
  /** Raised to rebuild the server. */
  readonly generation: number;
  /** Whether volume, database and address refuse to be removed. */
  readonly protectData: boolean;
}

/** What a managed database is made from. */
export interface ManagedDatabaseSettings {
  readonly size: string;
  readonly storageGb: number;
  readonly backupDays: number;
  /** PEM of the authorities that sign the database's certificate. */
  readonly authority: string;
}

/** First login to a server that is there already. */
export interface ExistingServerSettings {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Its ed25519 line, type and key. */
  readonly hostKey: string;
  /** Folder of an older installation to take over; empty for none. */
  readonly adoptFrom: string;
  /** Secret. */
  readonly privateKey: pulumi.Output<string>;
}

/** Everything about the server and the managed database of a stack. */
export interface ServerSettings {
  readonly cloud: CloudSettings;
  readonly managedDatabase: ManagedDatabaseSettings;
  readonly existing: ExistingServerSettings;
  /** PEM of authorities that the server trusts beside the public ones; empty for none. */
  readonly trustedCertificates: string;
  /** Public keys of the people who may log in, one authorized_keys line each. */
  readonly operatorKeys: readonly string[];
  readonly skipPreflight: readonly string[];
}

const ED25519_LINE = /^ssh-ed25519 [A-Za-z0-9+/]+=*$/;
const PUBLIC_KEY_LINE =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/]+=*( .*)?$/;

/** Reads the configuration of the server; findings are those of the target alone. */
export function readServerSettings(
  config: pulumi.Config,
  projectRoot: string,
  target: string,
): { settings: ServerSettings; findings: string[] } {
  const findings: string[] = [];
  const given = config.requireObject<Record<string, unknown>>("existingServer");
  const text = (name: string) => (typeof given[name] === "string" ? given[name] : "");
  const settings: ServerSettings = {
    cloud: {
      region: config.require("region"),
      size: config.require("size"),
      image: config.require("image"),
      volumeSizeGb: config.requireNumber("volumeSizeGb"),
      zone: config.require("zone"),
      sshCidrs: config.requireObject<string[]>("sshCidrs"),
      generation: config.requireNumber("serverGeneration"),
      protectData: config.requireBoolean("protectData"),
    },
    managedDatabase: {
      size: config.require("databaseSize"),
      storageGb: config.requireNumber("databaseStorageGb"),
      backupDays: config.requireNumber("databaseBackupDays"),
      authority: readPem(projectRoot, "databaseAuthority", config, findings),
    },
    existing: {
      address: text("address"),
      port: Number(given.port ?? 22),
      user: text("user") || "root",
      hostKey: text("hostKey"),
      adoptFrom: text("adoptFrom"),
      privateKey: config.requireSecret("existingServerKey"),
    },
    trustedCertificates: readPem(projectRoot, "trustedCertificates", config, findings),
    operatorKeys: config.requireObject<string[]>("operatorKeys"),
    skipPreflight: config.requireObject<string[]>("skipPreflight"),
  };
  findings.push(...checkOperatorKeys(settings.operatorKeys));
  if (target === "droplet" || target === "ec2") findings.push(...checkCloud(settings, target));
  if (target === "ec2") findings.push(...checkManagedDatabase(settings.managedDatabase));
  if (target === "existing") {
    findings.push(...checkExisting(given, settings.existing, config.require("existingServerKey")));
  }
  return { settings, findings };
}

function readPem(
  projectRoot: string,
  key: string,
  config: pulumi.Config,
  findings: string[],
): string {
  const path = config.require(key);
  if (path === "") return "";
  try {
    const text = readFileSync(join(projectRoot, path), "utf8");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
    findings.push(`${key}: ${path} holds no certificate in PEM form`);
  } catch {
    findings.push(`${key}: ${path} can't be read; name a PEM file relative to the project`);
  }
  return "";
}

function checkOperatorKeys(keys: readonly unknown[]): string[] {
  return keys.flatMap((key, index) =>
    typeof key === "string" && PUBLIC_KEY_LINE.test(key)
      ? []
      : [
          `operatorKeys[${index}]: is no public SSH key; allowed is one line such as the content of ~/.ssh/id_ed25519.pub`,
        ],
  );
}

function checkCloud({ cloud, operatorKeys }: ServerSettings, target: string): string[] {
  const findings: string[] = [];
  const need = (key: string, value: string, example: string) => {
    if (value === "") findings.push(`${key}: must be set for target ${target}, e.g. ${example}`);
  };
  const isEc2 = target === "ec2";
  need("region", cloud.region, isEc2 ? "eu-central-1" : "fra1");
  need("size", cloud.size, isEc2 ? "t3.medium" : "s-2vcpu-4gb");
  need("image", cloud.image, isEc2 ? "the id of a Debian 13 AMI of the region" : "debian-13-x64");
  if (isEc2 && cloud.image !== "" && !/^ami-[0-9a-f]{8,17}$/.test(cloud.image)) {
    findings.push(
      `image: "${cloud.image}" is no AMI id; allowed is a form such as ami-0123456789abcdef0`,
    );
  }
  if (isEc2 && cloud.zone !== "" && !/^Z[A-Z0-9]{1,31}$/.test(cloud.zone)) {
    findings.push(`zone: "${cloud.zone}" is no id of a Route 53 zone; it starts with Z`);
  }
  findings.push(...checkWhole("volumeSizeGb", cloud.volumeSizeGb, 10, 16384));
  findings.push(...checkWhole("serverGeneration", cloud.generation, 1, 1_000_000));
  if (cloud.sshCidrs.length === 0) {
    findings.push(
      "sshCidrs: is empty; name the networks that may reach SSH, e.g. your own address as 198.51.100.7/32",
    );
  }
  cloud.sshCidrs.forEach((cidr, index) => findings.push(...checkCidr(`sshCidrs[${index}]`, cidr)));
  if (operatorKeys.length === 0) {
    findings.push("operatorKeys: is empty; name at least one public SSH key of a person");
  }
  return findings;
}

function checkCidr(key: string, cidr: unknown): string[] {
  const [address = "", prefix = "", ...rest] = String(cidr).split("/");
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (rest.length > 0 || !/^[0-9]+$/.test(prefix) || bits < 0 || Number(prefix) > bits) {
    return [`${key}: "${String(cidr)}" is no network; allowed is a form such as 198.51.100.0/24`];
  }
  return Number(prefix) === 0
    ? [`${key}: "${String(cidr)}" opens SSH to everyone; name a smaller network`]
    : [];
}

function checkManagedDatabase(database: ManagedDatabaseSettings): string[] {
  return [
    ...(/^db\.[a-z0-9]+\.[a-z0-9]+$/.test(database.size)
      ? []
      : [
          `databaseSize: "${database.size}" is no RDS class; allowed is a form such as db.t4g.small`,
        ]),
    ...checkWhole("databaseStorageGb", database.storageGb, 20, 65536),
    ...checkWhole("databaseBackupDays", database.backupDays, 7, 35),
    ...(database.authority === ""
      ? [
          "databaseAuthority: must be set for target ec2: the PEM file of Amazon's authorities for the region, from https://truststore.pki.rds.amazonaws.com",
        ]
      : []),
  ];
}

const EXISTING_KEYS = ["address", "port", "user", "hostKey", "adoptFrom"];

function checkExisting(
  given: Readonly<Record<string, unknown>>,
  server: ExistingServerSettings,
  privateKey: string,
): string[] {
  const findings = Object.keys(given)
    .filter((key) => !EXISTING_KEYS.includes(key))
    .map((key) => `existingServer.${key}: unknown key; allowed are ${EXISTING_KEYS.join(", ")}`);
  if (server.address === "") findings.push("existingServer.address: must be set");
  findings.push(...checkWhole("existingServer.port", server.port, 1, 65535));
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(server.user)) {
    findings.push(`existingServer.user: "${server.user}" is no user name`);
  }
  if (!ED25519_LINE.test(server.hostKey)) {
    findings.push(
      "existingServer.hostKey: must be the server's ed25519 key, as `ssh-ed25519 AAAA...`; read it on the server: cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub",
    );
  }
  if (!privateKey.includes("PRIVATE KEY-----")) {
    findings.push(
      "existingServerKey: must be set to a private SSH key that logs in: pulumi config set --secret existingServerKey < ~/.ssh/id_ed25519",
    );
  }
  return findings;
}

function checkWhole(key: string, value: number, least: number, most: number): string[] {
  return Number.isInteger(value) && value >= least && value <= most
    ? []
    : [`${key}: ${value} is not allowed; whole numbers from ${least} to ${most} are`];
}
