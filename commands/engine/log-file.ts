import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { isReal, nameOf, type EngineEvent } from "./events";

const KEPT_LOGS = 50;
const NAME = /^(up|destroy|build)-.+-\d{8}T\d{6}Z\.log$/;

/** What the engine tells, in full, in a file of mode 0600; secrets are masked as the engine masks them. */
export class LogFile {
  readonly path: string;
  private readonly file: number;
  private readonly started = Date.now();

  /** Opens a new file, and removes all but the newest fifty. */
  constructor(folder: string, command: string, stack: string) {
    mkdirSync(folder, { recursive: true });
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    this.path = join(folder, `${command}-${stack}-${time}.log`);
    this.file = openSync(this.path, "a", 0o600);
    const old = readdirSync(folder)
      .filter((name) => NAME.test(name))
      .sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1))
      .slice(KEPT_LOGS);
    for (const name of old) rmSync(join(folder, name), { force: true });
  }

  /** Adds lines with the time since the begin. */
  write(text: string): void {
    const seconds = ((Date.now() - this.started) / 1000).toFixed(1).padStart(7);
    for (const line of text.trimEnd().split("\n")) writeSync(this.file, `${seconds}  ${line}\n`);
  }

  /** Adds an event, where there is something to tell of it. */
  event(event: EngineEvent): void {
    const text = renderEvent(event);
    if (text !== undefined) this.write(text);
  }

  close(): void {
    closeSync(this.file);
  }
}

function timeOf(name: string): string {
  return name.slice(name.lastIndexOf("-") + 1);
}

function renderEvent(event: EngineEvent): string | undefined {
  const begun = event.resourcePreEvent?.metadata;
  if (begun !== undefined) {
    return begun.op === "same" ? undefined : `${begun.op} ${nameOf(begun.urn)} (${begun.type})`;
  }
  const done = event.resOutputsEvent?.metadata;
  if (done !== undefined) return isReal(done) ? `${nameOf(done.urn)}: ${done.op} done` : undefined;
  const failed = event.resOpFailedEvent?.metadata;
  if (failed !== undefined) return `${nameOf(failed.urn)}: ${failed.op} failed`;
  if (event.diagnosticEvent !== undefined) {
    const { urn = "", severity, message } = event.diagnosticEvent;
    const lines = message.trimEnd().split("\n");
    return lines.map((line) => `${nameOf(urn)}: ${severity}: ${line}`).join("\n");
  }
  if (event.policyEvent !== undefined) {
    const { enforcementLevel, policyName, resourceUrn = "", message } = event.policyEvent;
    return `policy ${policyName} [${enforcementLevel}]: ${nameOf(resourceUrn)}: ${message.trim()}`;
  }
  return event.summaryEvent === undefined
    ? undefined
    : `summary: ${JSON.stringify(event.summaryEvent.resourceChanges ?? {})}`;
}
