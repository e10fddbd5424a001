import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { ifKnown } from "./rule";

/** A file that cloud-init writes, its content decoded. */
export interface WrittenFile {
  readonly path: string;
  readonly content: string;
  /** Whether the content stands in the user data as it is. */
  readonly isPlain: boolean;
}

/**
 * User data of a server's arguments as bytes, decoded; undefined when it has none, or when only the update will know
 * it, as in each first preview: the update looks at it before it makes the server.
 */
export function userDataOf(props: Readonly<Record<string, unknown>>): Buffer | undefined {
  const plain = ifKnown(() => props.userData);
  if (typeof plain === "string") return Buffer.from(plain);
  const encoded = ifKnown(() => props.userDataBase64);
  return typeof encoded === "string" ? Buffer.from(encoded, "base64") : undefined;
}

/** Text of user data, unpacked where it is compressed. */
export function textOf(userData: Buffer): string {
  return unpacked(userData).toString("utf8");
}

/** Files that a cloud-config writes; none when it is no cloud-config. */
export function writtenFiles(text: string): WrittenFile[] {
  if (!text.startsWith("#cloud-config")) return [];
  const config = parse(text) as { write_files?: Record<string, unknown>[] } | null;
  return (config?.write_files ?? []).map(({ path, content, encoding }) => ({
    path: textOr(path),
    content: decoded(textOr(content), textOr(encoding)),
    isPlain: !isEncoded(textOr(encoding)),
  }));
}

/** Everything that can be read in user data: its text and, of encoded files, their content. */
export function readableTexts(userData: Buffer): string[] {
  const text = textOf(userData);
  return [text, ...writtenFiles(text).map(({ content }) => content)];
}

function textOr(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isEncoded(encoding: string): boolean {
  return encoding.startsWith("gz") || isBase64(encoding);
}

function isBase64(encoding: string): boolean {
  return encoding.includes("b64") || encoding.includes("base64");
}

function decoded(content: string, encoding: string): string {
  if (!isEncoded(encoding)) return content;
  const bytes = Buffer.from(content, isBase64(encoding) ? "base64" : "latin1");
  return unpacked(bytes).toString("utf8");
}

function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}
