import { createHash } from "node:crypto";

/** A host key that the server has to show. */
export interface PinnedKey {
  type: string;
  blob: Buffer;
}

/** Raised when a server shows another key than the pinned one. Trying again would not help. */
export class HostKeyMismatch extends Error {}

const KEY_TYPE = /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-[\w@.-]+)$/;

/** Reads one authorized_keys line: options (if any), type, base64, comment. */
export function parseHostKey(line: string): PinnedKey {
  const words = line.trim().split(/\s+/);
  const at = words.findIndex((word) => KEY_TYPE.test(word));
  const type = words[at];
  const blob = Buffer.from(words[at + 1] ?? "", "base64");
  if (line.trim().includes("\n") || type === undefined || keyType(blob) !== type) {
    throw new Error(
      'connection.hostKey is not a public key: it must be one line as in authorized_keys, "ssh-ed25519 AAAA…"',
    );
  }
  return { type, blob };
}

/** The type a key's own bytes tell. */
export function keyType(blob: Buffer): string {
  if (blob.length < 4) return "";
  return blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
}

/** The fingerprint as ssh-keygen prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** Says which key was wanted and which one came. */
export function mismatch(address: string, pinned: PinnedKey, shown: Buffer): HostKeyMismatch {
  return new HostKeyMismatch(
    `host key mismatch at ${address}: pinned is ${pinned.type} ${fingerprint(pinned.blob)}, ` +
      `the server shows ${keyType(shown)} ${fingerprint(shown)}. Nothing was sent and no login was ` +
      `tried. If the server was rebuilt on purpose, pin its new key; if not, find out who answers there.`,
  );
}
