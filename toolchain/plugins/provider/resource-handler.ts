import type { Properties } from "./values";

/** What an operation of a resource may use besides its arguments. */
export interface Operation {
  /** Name of the resource in the program. */
  name: string;
  /** Shows one line of the command's output while the operation runs. */
  log: (line: string) => void;
  /** Shows a warning that stays on the screen. */
  warn: (message: string) => void;
  /** Set off when the user cancels or the resource's time is over. */
  signal: AbortSignal;
  /** Strings that may occur in no log line and no error. */
  secrets: string[];
}

/** A resource just made. */
export interface Created {
  id: string;
  outputs: Properties;
}

/** What a resource type does. Arguments and states come without secret marks. */
export interface ResourceHandler {
  /** Rules beyond types. Arguments not known yet are left out. */
  check?: (inputs: Properties) => string[];
  /** Outputs that a preview can tell already. */
  plan?: (inputs: Properties) => Properties;
  /** Names of outputs that an update may change; a preview calls them unknown. */
  changing?: (inputs: Properties) => string[];
  create: (operation: Operation, inputs: Properties) => Promise<Created>;
  /** Gives the outputs after the update. Left out where every change replaces. */
  update?: (operation: Operation, inputs: Properties, olds: Properties) => Promise<Properties>;
  delete?: (operation: Operation, state: Properties) => Promise<void>;
}
