import { join } from "node:path";
import { kind } from "../core/state";
import type { Rehearsal } from "./rehearsal";
import { runScript } from "./run-script";

interface PublicAddress {
  key: string;
  address: string;
}

const publicAddresses = kind<PublicAddress>("rehearsal/public-addresses");

/** Public addresses: each a small container with an address of its own that forwards to a machine. */
export class Addresses {
  constructor(private readonly rehearsal: Rehearsal) {}

  async allocate(): Promise<string> {
    const key = `public-${process.pid}-${process.hrtime.bigint()}`;
    const address = await this.rehearsal.freeAddress(key);
    this.rehearsal.state.put(publicAddresses, address, { key, address });
    await this.forward(address, "");
    return address;
  }

  async assign(address: string, target: string): Promise<void> {
    await this.forward(address, target);
  }

  async release(address: string): Promise<void> {
    const kept = this.rehearsal.state.get(publicAddresses, address);
    if (kept === undefined) return;
    await this.forward(address, "", "1");
    this.rehearsal.giveBack(kept.key);
    this.rehearsal.state.remove(publicAddresses, address);
  }

  private async forward(address: string, target: string, remove = ""): Promise<void> {
    if (!this.rehearsal.hasContainers) return;
    await runScript("address.sh", {
      NETWORK: (await this.rehearsal.network()).name,
      ADDRESS: address,
      FOLDER: join(this.rehearsal.state.folder, "addresses", address),
      TARGET: target,
      REMOVE: remove,
    });
  }
}
