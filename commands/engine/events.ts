/** A resource that an event speaks of. */
export interface EventResource {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly new?: { readonly outputs?: Readonly<Record<string, unknown>> } | null;
}

/** What the engine tells of an update while it runs; of each event one field is there. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: EventResource };
  readonly resOutputsEvent?: { readonly metadata: EventResource };
  readonly resOpFailedEvent?: { readonly metadata: EventResource };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly message: string;
    readonly severity: string;
  };
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly message: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
  };
  readonly summaryEvent?: { readonly resourceChanges?: Readonly<Record<string, number>> };
}

// Debug messages hold secrets in clear, and nothing that a person is shown.
const DEBUG = /^\{"sequence":\d+,"timestamp":\d+,"diagnosticEvent":\{[^{}]*?"severity":"debug"/;

/** Reads one line of `pulumi up --json`; undefined for a debug message and for a line that is no event. */
export function parseEvent(line: string): EngineEvent | undefined {
  if (!line.startsWith("{") || DEBUG.test(line)) return undefined;
  try {
    const event = JSON.parse(line) as EngineEvent;
    return event.diagnosticEvent?.severity === "debug" ? undefined : event;
  } catch {
    return undefined;
  }
}

/** Name of a resource in the program, the last part of its URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** Whether it is something that exists outside of the engine: no component, provider or stack. */
export function isReal({ type }: EventResource): boolean {
  return !type.startsWith("berth:") && !type.startsWith("pulumi:");
}

/** Whether something is done with it. */
export function isChange({ op }: EventResource): boolean {
  return op !== "same" && op !== "read" && op !== "refresh";
}
