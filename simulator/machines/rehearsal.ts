import type { Account } from "../core/account";
import { kind, type State } from "../core/state";
import { runScript } from "./run-script";

/** The Docker network of a rehearsal. */
export interface Network {
  /** Name of the network; also the label `berth.stack` of all that belongs to the rehearsal. */
  name: string;
  /** First three numbers of its addresses, as `172.30.4`. */
  prefix: string;
  /** Address of its DNS server. */
  dns: string;
}

interface Taken {
  key: string;
  address: string;
}

const addresses = kind<Taken>("rehearsal/addresses");
/** The first ten and Pebble's and the DNS server's own are left out. */
const FIRST_HOST = 20;
const LAST_HOST = 250;
const NETWORK_FILE = "network.json";

/** The network that the machines of one rehearsal share, and its addresses. */
export class Rehearsal {
  constructor(
    readonly state: State,
    private readonly account: Account,
  ) {}

  /** False when machines are records only. */
  get hasContainers(): boolean {
    return (this.account.machines ?? "containers") === "containers";
  }

  /** The network, made at the first call. */
  async network(): Promise<Network> {
    if (!this.hasContainers) return { name: "none", prefix: "203.0.113", dns: "203.0.113.12" };
    const made = this.state.readFile(NETWORK_FILE) as Network | undefined;
    if (made !== undefined) return made;
    return this.state.locked(() => this.start());
  }

  /** The address kept for `key`, a free one at the first call. */
  async freeAddress(key: string): Promise<string> {
    const { prefix } = await this.network();
    return this.state.locked(() => {
      const kept = this.state.get(addresses, key);
      if (kept !== undefined) return kept.address;
      const taken = new Set(this.state.list(addresses).map(({ address }) => address));
      for (let host = FIRST_HOST; host <= LAST_HOST; host += 1) {
        const address = `${prefix}.${host}`;
        if (taken.has(address)) continue;
        this.state.put(addresses, key, { key, address });
        return address;
      }
      throw new Error(`no address is left in the rehearsal's network ${prefix}.0/24`);
    });
  }

  /** Gives the address of `key` back; nothing happens when there is none. */
  giveBack(key: string): void {
    this.state.remove(addresses, key);
  }

  /** Two plugins may ask at once, so the second finds what the first made. */
  private async start(): Promise<Network> {
    const made = this.state.readFile(NETWORK_FILE) as Network | undefined;
    if (made !== undefined) return made;
    const name = process.env["BERTH_REHEARSAL"] ?? "rehearsal";
    const printed = await runScript("network.sh", { NAME: name, STATE: this.state.folder });
    const network = JSON.parse(printed) as Network;
    this.state.writeFile(NETWORK_FILE, network);
    return network;
  }
}
