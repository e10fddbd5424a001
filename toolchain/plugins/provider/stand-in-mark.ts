import type { Properties } from "./values";

/** Input of the recorded provider that says a stand-in wrote the stack. */
export const STAND_IN_MARK = "berthStandIn";

/** True when a recorded provider was set up by a stand-in. */
export function isMarked(recorded: Properties): boolean {
  return recorded[STAND_IN_MARK] === "true";
}

/** Why a stack of the official plugin is refused, and what to do. */
export function refusal(plugin: string): string {
  return (
    `this stack was written by the official plugin "${plugin}", and the one running now is berth's ` +
    `stand-in, which serves local rehearsals only. Run it where the official plugin can be ` +
    `downloaded, or use another stack.`
  );
}
