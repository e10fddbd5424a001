import { randomBytes, randomInt, randomUUID } from "node:crypto";

const LARGEST = 1_000_000_000;

/** A positive number of nine digits, as droplets and keys have. */
export function numericId(): number {
  return randomInt(LARGEST / 10, LARGEST);
}

/** A random UUID (version 4). */
export function uuid(): string {
  return randomUUID();
}

/** A prefix and that many hex digits, as `vol-0a1b2c3d4e5f60718`. */
export function hexId(prefix: string, digits = 17): string {
  return `${prefix}${randomBytes(digits).toString("hex").slice(0, digits)}`;
}

let attachments = 0;

/** What DigitalOcean attachment ids end in: time in UTC, 4 digits of a second, a counter that starts with the process. */
export function stamp(now = new Date()): string {
  attachments += 1;
  const time = now.toISOString().replaceAll(/[-:TZ.]/g, "");
  return `${time.slice(0, 17)}0${attachments.toString(16).padStart(8, "0")}`;
}

/** Time to the second, as `2026-11-21T10:17:04Z`. */
export function isoSeconds(now = new Date()): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}
