import { generateKeyPairSync } from "node:crypto";
import { parse, stringify } from "yaml";

const FIRST_CONTACT = "/etc/ssh/berth_first_contact";

interface UserData {
  write_files?: { path: string; content?: string; encoding?: string }[];
}

/** User data as another server would have it that pretends to be this one: its first-contact key is not ours. */
export async function otherHostKey(userData: string): Promise<string> {
  const { parsePrivateKey } = await import("sshpk");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const config = parse(userData) as UserData;
  for (const file of config.write_files ?? []) {
    if (file.path !== FIRST_CONTACT) continue;
    file.content = parsePrivateKey(pem, "pkcs8").toString("ssh");
    delete file.encoding;
  }
  return `#cloud-config\n${stringify(config)}`;
}
