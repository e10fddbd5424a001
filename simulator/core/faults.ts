import type { State } from "./state";

/** What goes wrong. */
export type FaultKind =
  /** The call is refused; `message`, or the cloud's words for an error of its own. */
  | "error"
  /** The call is refused: no more resources of this kind are allowed. */
  | "quota"
  /** The call is refused: the name is in use. */
  | "nameTaken"
  /** The call takes `seconds` longer. */
  | "slow"
  /** The call waits while the file `held` is in the state folder. */
  | "held"
  /** The call is obeyed, its answer is lost. */
  | "lostAnswer"
  /** The machine is reported as running and never boots. */
  | "neverBoots"
  /** The machine's cloud-init ends with an error. */
  | "cloudInitFails"
  /** The machine refuses SSH for `seconds` after its start. */
  | "sshRefused"
  /** The machine answers with another host key than its user data says. */
  | "otherHostKey";

/** One entry of `faults.json` in the state folder, a list. What is left out matches everything. */
export interface Fault {
  kind: FaultKind;
  /** Last part of the resource type, as `Droplet`; or all of it. */
  type?: string;
  operation?: "create" | "read" | "update" | "delete";
  /** The resource's name in the program. */
  name?: string;
  /** How often it strikes. Default 1; 0 is always. */
  count?: number;
  /** Matching calls that pass before it strikes. Default 0. */
  after?: number;
  message?: string;
  seconds?: number;
  /** Matching calls so far; written by the simulator. */
  seen?: number;
}

/** A call that a fault may strike. */
export interface Struck {
  type: string;
  operation: "create" | "read" | "update" | "delete";
  name: string;
}

const FILE = "faults.json";
/** These strike only where a machine is made. */
export const MACHINE_FAULTS: readonly FaultKind[] = [
  "neverBoots",
  "cloudInitFails",
  "sshRefused",
  "otherHostKey",
];
const MACHINE_TYPES = ["digitalocean:index/droplet:Droplet", "aws:ec2/instance:Instance"];

/** The faults that strike this call; each match is counted. */
export async function takeFaults(state: State, call: Struck): Promise<Fault[]> {
  if (readFaults(state).length === 0) return [];
  return state.locked(() => {
    const all = readFaults(state);
    const matching = all.filter((fault) => matches(fault, call));
    const striking = matching.filter((fault) => isDue(fault));
    for (const fault of matching) fault.seen = (fault.seen ?? 0) + 1;
    if (matching.length > 0) state.writeFile(FILE, all);
    return striking;
  });
}

function readFaults(state: State): Fault[] {
  return (state.readFile(FILE) as Fault[] | undefined) ?? [];
}

function matches(fault: Fault, call: Struck): boolean {
  if (MACHINE_FAULTS.includes(fault.kind) && !makesMachine(call)) return false;
  return (
    (fault.type === undefined ||
      fault.type === call.type ||
      fault.type === call.type.split(":").at(-1)) &&
    (fault.operation === undefined || fault.operation === call.operation) &&
    (fault.name === undefined || fault.name === call.name)
  );
}

function makesMachine({ type, operation }: Struck): boolean {
  return operation === "create" && MACHINE_TYPES.includes(type);
}

function isDue({ seen = 0, after = 0, count = 1 }: Fault): boolean {
  return seen >= after && (count === 0 || seen < after + count);
}
