const FIRST_PORT = 20000;
const PORTS_PER_SLOT = 100;

/** One of the two sets of loopback ports that a release's services listen on. */
export type Slot = "a" | "b";

/**
 * Loopback port of a routed service on the server.
 *
 * @param routed the application's routed services in order
 */
export function slotPort(slot: Slot, routed: readonly string[], service: string): number {
  return FIRST_PORT + (slot === "a" ? 0 : PORTS_PER_SLOT) + routed.indexOf(service);
}
