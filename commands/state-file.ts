const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Whether a value is one that the engine marks as a secret: masked, encrypted, or in clear as `plaintext`. */
export function isSecret(value: unknown): value is { readonly plaintext?: unknown } {
  return typeof value === "object" && value !== null && SIGNATURE in value;
}

/** A resource in a stack's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly protect?: boolean;
  /** Replaced and waiting to be deleted. */
  readonly delete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** An operation that was begun and whose end the state does not know. */
export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: StateResource;
}

/** What a stack's state holds. */
export interface State {
  readonly resources: readonly StateResource[];
  readonly pending: readonly PendingOperation[];
}

/**
 * Reads a state as `pulumi stack export` prints it.
 *
 * @throws when the text is no exported state.
 */
export function parseState(text: string): State {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error("this is no exported state: it is no JSON");
  }
  const { deployment } = parsed as {
    deployment?: { resources?: StateResource[]; pending_operations?: PendingOperation[] };
  };
  if (deployment === undefined) throw new Error("this is no exported state: it has no deployment");
  return { resources: deployment.resources ?? [], pending: deployment.pending_operations ?? [] };
}
