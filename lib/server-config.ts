import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { ConfigValues } from "./config-values";
import type { Finding } from "./finding";
import { checkServerSettings } from "./server-config-checks";

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

/** Where a server is that is there already. */
export interface ExistingServerPlace {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Its ed25519 line, type and key. */
  readonly hostKey: string;
  /** Folder of an older installation to take over; empty for none. */
  readonly adoptFrom: string;
}

/** First login to a server that is there already. */
export interface ExistingServerSettings extends ExistingServerPlace {
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

/** The same without the secret, which only the engine can decrypt. */
export type PlainServerSettings = Omit<ServerSettings, "existing"> & {
  readonly existing: ExistingServerPlace;
};

/** Reads the configuration of the server; what a target has no use for is held to its form alone. */
export function readServerSettings(
  values: ConfigValues,
  projectRoot: string,
  target: string,
): { settings: PlainServerSettings; findings: Finding[] } {
  const given = values.map("existingServer");
  const text = (name: string, preset = "") => {
    const value = given[name];
    return typeof value === "string" && value !== "" ? value : preset;
  };
  const trusted = readPem(projectRoot, "trustedCertificates", values);
  const authority = readPem(projectRoot, "databaseAuthority", values);
  const settings: PlainServerSettings = {
    cloud: {
      region: values.text("region"),
      size: values.text("size"),
      image: values.text("image"),
      volumeSizeGb: values.number("volumeSizeGb"),
      zone: values.text("zone"),
      sshCidrs: values.list("sshCidrs") as string[],
      generation: values.number("serverGeneration"),
      protectData: values.flag("protectData"),
    },
    managedDatabase: {
      size: values.text("databaseSize"),
      storageGb: values.number("databaseStorageGb"),
      backupDays: values.number("databaseBackupDays"),
      authority: authority.pem,
    },
    existing: {
      address: text("address"),
      port: Number(given.port ?? 22),
      user: text("user", "root"),
      hostKey: text("hostKey"),
      adoptFrom: text("adoptFrom"),
    },
    trustedCertificates: trusted.pem,
    operatorKeys: values.list("operatorKeys") as string[],
    skipPreflight: values.list("skipPreflight") as string[],
  };
  return {
    settings,
    findings: [
      ...checkServerSettings(values, settings, target),
      ...trusted.findings,
      ...authority.findings,
    ],
  };
}

function readPem(
  projectRoot: string,
  key: string,
  values: ConfigValues,
): { pem: string; findings: Finding[] } {
  const value = values.text(key);
  if (value === "") return { pem: "", findings: [] };
  const next = "name a file of certificates in PEM form, relative to the project";
  try {
    const text = readFileSync(join(projectRoot, value), "utf8");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return { pem: text, findings: [] };
    return { pem: "", findings: [{ key, value, problem: "holds no certificate", next }] };
  } catch {
    return { pem: "", findings: [{ key, value, problem: "can't be read", next }] };
  }
}
