import { isIP } from "node:net";
import { checkWhole } from "./config-checks";
import { ENCRYPTED, type ConfigValues } from "./config-values";
import { allowedNames, kindOf, type Finding } from "./finding";
import type { PlainServerSettings } from "./server-config";

const ED25519_LINE = /^ssh-ed25519 [A-Za-z0-9+/]+=*$/;
const EXISTING_KEYS = ["address", "port", "user", "hostKey", "adoptFrom"];

/** Finds keys of `existingServer` that are unknown, or of a wrong type, whatever the target. */
export function checkExistingKeys(given: Readonly<Record<string, unknown>>): Finding[] {
  return Object.entries(given).flatMap(([name, value]): Finding[] => {
    const key = `existingServer.${name}`;
    if (!EXISTING_KEYS.includes(name)) {
      return [
        { key, problem: "is no key of existingServer", next: allowedNames(name, EXISTING_KEYS) },
      ];
    }
    if (value === ENCRYPTED) return [];
    if (name === "port") {
      const next = "allowed are whole numbers from 1 to 65535";
      const isSingle = typeof value === "number" || typeof value === "string";
      return isSingle && checkWhole(key, Number(value), 1, 65535).length === 0
        ? []
        : [{ key, value, problem: isSingle ? "is no port" : kindOf(value), next }];
    }
    return typeof value === "string"
      ? []
      : [{ key, value, problem: kindOf(value), next: "allowed is a text" }];
  });
}

/** Finds what the first login to an existing server can't be made with. */
export function checkExisting(values: ConfigValues, { existing }: PlainServerSettings): Finding[] {
  const given = values.map("existingServer");
  const findings: Finding[] = [];
  const add = (name: string, value: string, problem: string, next: string) => {
    const key = `existingServer.${name}`;
    // Of a wrong type it was found already.
    if (given[name] !== undefined && typeof given[name] !== "string") return;
    findings.push({ key, value, problem: value === "" ? "must be set" : problem, next });
  };
  const { address, user, hostKey, adoptFrom } = existing;
  // A name without a dot may be one of a private network.
  if (isIP(address) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(address)) {
    add(
      "address",
      address,
      "is no address",
      "allowed is an IP address or a name such as host.example.org",
    );
  }
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user)) {
    add(
      "user",
      user,
      "is no user name",
      "allowed are lower case letters, digits, _ and -, e.g. root",
    );
  }
  if (!ED25519_LINE.test(hostKey)) {
    add(
      "hostKey",
      hostKey,
      "is no ed25519 host key",
      "allowed is `ssh-ed25519 AAAA...`; read it on the server: cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub",
    );
  }
  if (adoptFrom !== "" && !/^\/[^\s:]*$/.test(adoptFrom)) {
    add(
      "adoptFrom",
      adoptFrom,
      "is no folder of the server",
      "allowed is a path such as /opt/battery-hub",
    );
  }
  if (!values.text("existingServerKey").includes("PRIVATE KEY-----")) {
    findings.push({
      key: "existingServerKey",
      problem: "must be set to a private SSH key that logs in",
      next: "pulumi config set --secret existingServerKey < ~/.ssh/id_ed25519",
    });
  }
  return findings;
}
