import type { Account, DigitaloceanAccount } from "../core/account";
import type { Cloud } from "../core/cloud-type";

let configuredToken: string | undefined;

/** Takes the provider's settings; without a token there the environment's counts. */
export function useSettings(config: Readonly<Record<string, unknown>>): void {
  configuredToken = config["token"] as string | undefined;
}

/** The account, or the error of a simulator without one. */
export function accountOf(account: Account): DigitaloceanAccount {
  if (account.digitalocean === undefined) {
    throw new Error("the simulator's account.json has no digitalocean account");
  }
  return account.digitalocean;
}

/** An error as the API words it, with the method and path that it answered. */
export function apiError(call: string, status: number, message: string): Error {
  return new Error(`${call.replace(" ", ` ${API}`)}: ${status} ${message}`);
}

const API = "https://api.digitalocean.com";
const PATHS: Record<string, string> = {
  SshKey: "/v2/account/keys",
  Vpc: "/v2/vpcs",
  Firewall: "/v2/firewalls",
  Tag: "/v2/tags",
  Droplet: "/v2/droplets",
  Volume: "/v2/volumes",
  VolumeAttachment: "/v2/volumes/actions",
  ReservedIp: "/v2/reserved_ips",
  ReservedIpAssignment: "/v2/reserved_ips/actions",
  Domain: "/v2/domains",
  DnsRecord: "/v2/domains/records",
  Project: "/v2/projects",
  UptimeCheck: "/v2/uptime/checks",
};
const METHODS: Record<string, string> = {
  create: "POST",
  read: "GET",
  update: "PUT",
  delete: "DELETE",
};

/** What all DigitalOcean types share. */
export const digitalocean: Cloud = {
  name: "digitalocean",

  authenticate(account, operation) {
    const token =
      configuredToken ??
      process.env["DIGITALOCEAN_TOKEN"] ??
      process.env["DIGITALOCEAN_ACCESS_TOKEN"];
    if (token !== accountOf(account).token) {
      throw apiError(`${METHODS[operation] ?? ""} /v2/account`, 401, "Unable to authenticate you");
    }
  },

  refusal(kind, type, operation) {
    const call = `${METHODS[operation] ?? ""} ${PATHS[type] ?? ""}`;
    switch (kind) {
      case "quota":
        return apiError(call, 422, quotaMessage(type)).message;
      case "nameTaken":
        return apiError(call, type === "SshKey" ? 422 : 409, nameTakenMessage(type)).message;
      case "error":
        return `${apiError(call, 500, "Server Error").message}; giving up after 5 attempt(s)`;
    }
  },
};

function quotaMessage(type: string): string {
  return type === "Droplet"
    ? "creating this/these droplet(s) will exceed your droplet limit"
    : `this will exceed your ${type} limit`;
}

function nameTakenMessage(type: string): string {
  if (type === "SshKey") return "SSH Key is already in use on your account";
  return type === "Firewall" ? "duplicate name" : "the name is already in use";
}
