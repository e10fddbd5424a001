import type { Change } from "./diff";
import type { Properties } from "./values";

/** What an operation of a resource may use besides its arguments. */
export interface Operation {
  /** Name of the resource in the program. */
  name: string;
  /** The resource's id; empty while it is made. */
  id: string;
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

/** A resource as a refresh found it. */
export interface Found {
  outputs: Properties;
  /** Arguments that would make it; what can't be read back stays as it was. */
  inputs: Properties;
}

/** What a resource type does. Arguments and states come without secret marks. */
export interface ResourceHandler {
  /** Rules beyond types. Arguments not known yet are left out; their names are `unknown`. */
  check?: (inputs: Properties, unknown: readonly string[]) => string[];
  /** Argument that becomes `<resource>-<7 hex digits>` when left out; set by the program, it makes replacements delete first. */
  autoName?: string;
  /** Arguments in the form in which two ways to write the same thing are equal. */
  canonical?: (inputs: Properties) => Properties;
  /** Has the last word on the differences the table found; `state` is the recorded one. */
  adjust?: (changes: Change[], news: Properties, state: Properties) => Change[];
  /** The outputs are those that the operations give, and no arguments are mixed in. Default false. */
  ownsOutputs?: boolean;
  /** Outputs that a preview can tell already. */
  plan?: (inputs: Properties) => Properties;
  /** Names of outputs that an update may change; a preview calls them unknown. */
  changing?: (inputs: Properties) => string[];
  create: (operation: Operation, inputs: Properties) => Promise<Created>;
  /** Gives the outputs after the update. Left out where every change replaces. */
  update?: (operation: Operation, inputs: Properties, olds: Properties) => Promise<Properties>;
  delete?: (operation: Operation, state: Properties) => Promise<void>;
  /** Looks the resource up; undefined when it is gone. Left out where a refresh can find nothing out. */
  read?: (
    operation: Operation,
    state: Properties,
    inputs: Properties,
  ) => Promise<Found | undefined>;
}
