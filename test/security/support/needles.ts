import { createPrivateKey } from "node:crypto";

/** A value that must be nowhere but where it belongs. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** Shorter texts occur by chance. */
const SHORTEST = 12;
const PIECE = 24;

/** What gives a secret away: each text belongs to a name. */
export type Needles = ReadonlyMap<string, string>;

/**
 * Texts that give secrets away, also when a line was cut or when they are a part of something larger: as they are,
 * URL-encoded, JSON-escaped, shell-quoted, in hexadecimal, and in base64 at each of its three alignments.
 */
export function needlesOf(secrets: readonly Secret[]): Needles {
  const needles = new Map<string, string>();
  for (const { name, value } of secrets) {
    for (const needle of piecesOf(value).flatMap(formsOf)) {
      if (needle.length >= SHORTEST && !/[\n\r]/.test(needle)) needles.set(needle, name);
    }
  }
  return needles;
}

/** Texts that give a private SSH key (ed25519, OpenSSH or PEM form) away: each of its lines, and its seed. */
export function keyNeedles(name: string, privateKey: string): Needles {
  const needles = new Map<string, string>();
  const lines = privateKey.split("\n").filter((line) => !line.startsWith("-----"));
  const whole = Buffer.from(lines.join(""), "base64");
  // The first line of OpenSSH's form is the same for every key.
  const own = privateKey.includes("OPENSSH") ? lines.slice(1) : lines;
  for (const line of own.filter(({ length }) => length >= PIECE)) needles.set(line, name);
  for (const form of formsOfBytes(seedOf(privateKey, whole))) needles.set(form, name);
  return needles;
}

function seedOf(privateKey: string, whole: Buffer): Buffer {
  if (!privateKey.includes("OPENSSH")) {
    return createPrivateKey(privateKey).export({ type: "pkcs8", format: "der" }).subarray(-32);
  }
  // The private part: key type, public key (32 bytes), then a string of 64 bytes, seed and public key.
  const mark = Buffer.from([0, 0, 0, 64]);
  const at = whole.lastIndexOf(mark);
  if (at < 0) throw new Error("the private key is not of the form that is known here");
  return whole.subarray(at + 4, at + 36);
}

/** Names of the secrets that a text gives away. */
export function foundIn(text: string, needles: Needles): string[] {
  return [...new Set([...needles].filter(([needle]) => text.includes(needle)).map(([, n]) => n))];
}

function piecesOf(value: string): string[] {
  return [...value.split(/[\n\r]+/), value].flatMap((text) => {
    const characters = Array.from(text);
    return characters.length > PIECE
      ? [characters.slice(0, PIECE).join(""), characters.slice(-PIECE).join("")]
      : [text];
  });
}

function formsOf(piece: string): string[] {
  const url = encodeURIComponent(piece);
  const json = JSON.stringify(piece).slice(1, -1);
  return [
    piece,
    url,
    url.replaceAll("%20", "+"),
    json,
    json.replace(
      /[^ -~]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
    piece.replaceAll("'", `'\\''`),
    piece.replace(/[^A-Za-z0-9_./-]/g, "\\$&"),
    piece.replaceAll("$", "$$$$"),
    ...formsOfBytes(Buffer.from(piece)),
  ];
}

function formsOfBytes(bytes: Buffer): string[] {
  const hex = bytes.toString("hex");
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // Only characters whose six bits are all of the secret.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const urlSafe = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  return [hex, hex.toUpperCase(), ...base64, ...urlSafe];
}
