import { randomBytes } from "node:crypto";

/** An id as the official plugin makes them: the resource's name and eight random hex digits. */
export function uniqueId(name: string): string {
  return `${name}${randomBytes(4).toString("hex")}`;
}
