import type { Change } from "../../toolchain/plugins/provider/diff";
import type { Created, Operation } from "../../toolchain/plugins/provider/resource-handler";
import type { Properties } from "../../toolchain/plugins/provider/values";
import type { Machines } from "../machines/machines";
import type { Account } from "./account";
import type { Fault } from "./faults";
import type { State } from "./state";

/** What an operation of a simulated resource works with. */
export interface Call extends Operation {
  state: State;
  account: Account;
  machines: Machines;
  /** Faults for the machine that this call makes: neverBoots, cloudInitFails, sshRefused, otherHostKey. */
  machineFaults: Fault[];
}

/** What a simulated resource type does. Arguments and states come without secret marks. */
export interface CloudType {
  /** See `ResourceHandler`. */
  autoName?: string;
  check?: (inputs: Properties, unknown: readonly string[]) => string[];
  canonical?: (inputs: Properties) => Properties;
  adjust?: (changes: Change[], news: Properties, state: Properties) => Change[];
  plan?: (inputs: Properties) => Properties;
  /** Outputs that an update may change. */
  changing?: (inputs: Properties) => string[];
  /** Arguments that the cloud never tells; a refresh leaves them as they were. */
  unread?: string[];
  create: (call: Call, inputs: Properties) => Promise<Created>;
  /** The outputs as the cloud has them now; undefined when the resource is gone. */
  read: (call: Call, state: Properties) => Promise<Properties | undefined>;
  /** Gives the outputs after the update. Left out where every change replaces. */
  update?: (call: Call, inputs: Properties, olds: Properties) => Promise<Properties>;
  delete: (call: Call, state: Properties) => Promise<void>;
}

/** What all types of a cloud share. */
export interface Cloud {
  name: string;
  /** Throws the cloud's own words when the credentials are wrong; called before every call that reaches the cloud. */
  authenticate: (account: Account, operation: string) => void;
  /** The error of a refused call. */
  refusal: (kind: "error" | "quota" | "nameTaken", type: string, operation: string) => string;
}
