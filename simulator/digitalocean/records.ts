import { kind } from "../core/state";

/** A droplet as the API has it. */
export interface Droplet {
  id: number;
  name: string;
  region: string;
  size: string;
  image: string;
  status: "active" | "off";
  disk: number;
  vcpus: number;
  memory: number;
  vpcUuid: string;
  tags: string[];
  backups: boolean;
  ipv6: boolean;
  monitoring: boolean;
  ipv4Address: string;
  ipv4AddressPrivate: string;
  createdAt: string;
}

/** A block storage volume as the API has it. */
export interface Volume {
  id: string;
  name: string;
  region: string;
  size: number;
  description: string;
  filesystemType: string;
  filesystemLabel: string;
  tags: string[];
  dropletIds: number[];
}

/** A reserved address as the API has it. */
export interface ReservedIp {
  ip: string;
  region: string;
  dropletId?: number;
}

/** A private network as the API has it. */
export interface Vpc {
  id: string;
  name: string;
  region: string;
  ipRange: string;
  description: string;
  createdAt: string;
  isDefault: boolean;
}

/** A domain (zone) as the API has it. */
export interface Domain {
  name: string;
}

/** A DNS record as the API has it. */
export interface DnsRecord {
  id: number;
  domain: string;
  type: string;
  name: string;
  data: string;
  ttl: number;
  priority: number;
  port: number;
  weight: number;
  flags: number;
  tag: string;
}

/** A record of a simple type: its id and its outputs. */
export interface Simple {
  id: string;
  name: string;
  outputs: Record<string, unknown>;
}

/** Kinds in the state folder. The pre-flight's API reads them too. */
export const droplets = kind<Droplet>("digitalocean/droplets");
export const volumes = kind<Volume>("digitalocean/volumes");
export const reservedIps = kind<ReservedIp>("digitalocean/reserved-ips");
export const vpcs = kind<Vpc>("digitalocean/vpcs");
export const domains = kind<Domain>("digitalocean/domains");
export const dnsRecords = kind<DnsRecord>("digitalocean/dns-records");
export const sshKeys = kind<Simple & { fingerprint: string; publicKey: string }>(
  "digitalocean/ssh-keys",
);
export const firewalls = kind<Simple>("digitalocean/firewalls");
export const tags = kind<Simple>("digitalocean/tags");
export const projects = kind<Simple>("digitalocean/projects");
export const uptimeChecks = kind<Simple>("digitalocean/uptime-checks");

/** Name of a droplet's machine in the rehearsal. */
export function machineName(id: string): string {
  return `droplet-${id}`;
}
