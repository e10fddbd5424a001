import type { Account } from "../core/account";
import type { Fault } from "../core/faults";
import { kind, type State } from "../core/state";
import { Addresses } from "./addresses";
import { Names, type NameRecord } from "./names";
import { otherHostKey } from "./other-host-key";
import { Rehearsal, type Network } from "./rehearsal";
import { runScript } from "./run-script";
import { Volumes, type Slot } from "./volumes";

/** What a machine is made of. */
export interface MachineSpec {
  /** Name within the rehearsal, as `droplet-123`; lower-case letters, digits and dashes. */
  name: string;
  hostname: string;
  /** cloud-init user data, the plain text. */
  userData: string;
  faults: readonly Fault[];
}

interface Machine {
  name: string;
  address: string;
  isOn: boolean;
}

const machines = kind<Machine>("rehearsal/machines");
const FAILING_BOOT = `#cloud-config\nbootcmd:\n  - "echo 'a fault of the simulator' >&2; exit 1"\n`;

/** Machines, volumes, public addresses and names of one rehearsal: containers, loop devices and a DNS server. */
export class Machines {
  private readonly rehearsal: Rehearsal;
  private readonly volumes: Volumes;
  private readonly addresses: Addresses;
  private readonly names: Names;

  constructor(
    private readonly state: State,
    account: Account,
  ) {
    this.rehearsal = new Rehearsal(state, account);
    this.volumes = new Volumes(this.rehearsal);
    this.addresses = new Addresses(this.rehearsal);
    this.names = new Names(this.rehearsal);
  }

  /** The network of all machines, made at the first call. */
  network(): Promise<Network> {
    return this.rehearsal.network();
  }

  /** An address for something else in the network, kept for `key`. */
  freeAddress(key: string): Promise<string> {
    return this.rehearsal.freeAddress(key);
  }

  /** Makes a machine and starts it; gives its address. Does not wait for its boot. */
  async create(spec: MachineSpec): Promise<string> {
    const { name, hostname, faults } = spec;
    const network = await this.network();
    const address = await this.freeAddress(`machine-${name}`);
    if (this.rehearsal.hasContainers) {
      const has = (wanted: Fault["kind"]) => faults.find((fault) => fault.kind === wanted);
      const userData = has("otherHostKey") ? await otherHostKey(spec.userData) : spec.userData;
      await runScript("create.sh", {
        NETWORK: network.name,
        NAME: await this.container(name),
        HOSTNAME: hostname,
        ADDRESS: address,
        DNS: network.dns,
        USER_DATA: userData,
        META_DATA: `instance-id: ${name}\nlocal-hostname: ${hostname}`,
        VENDOR_DATA: has("cloudInitFails") ? FAILING_BOOT : "",
        NEVER_BOOTS: has("neverBoots") ? "1" : "",
        SSH_REFUSED: has("sshRefused") ? String(has("sshRefused")?.seconds ?? 60) : "",
      });
    }
    this.state.put(machines, name, { name, address, isOn: true });
    return address;
  }

  /** Shuts the machine down; its disk, address and volumes stay. */
  async stop(name: string): Promise<void> {
    await this.power(name, "stop");
  }

  /** Starts a stopped machine; its volumes are there again. */
  async start(name: string): Promise<void> {
    await this.volumes.show(name, await this.container(name));
    await this.power(name, "start");
  }

  /** True while the machine exists, running or not. */
  exists(name: string): boolean {
    return this.state.get(machines, name) !== undefined;
  }

  /** Removes the machine and its own disk, and detaches its volumes; nothing happens when it is gone. */
  async remove(name: string): Promise<void> {
    if (this.rehearsal.hasContainers)
      await runScript("remove.sh", {}, [await this.container(name)]);
    await this.volumes.releaseAll(name);
    this.rehearsal.giveBack(`machine-${name}`);
    this.state.remove(machines, name);
  }

  /** Makes an empty volume; its file takes only the space that is written to. */
  createVolume(id: string, sizeGb: number): void {
    this.volumes.create(id, sizeGb);
  }

  /** Makes a volume larger; a machine that has it sees the new size at once. */
  async growVolume(id: string, sizeGb: number): Promise<void> {
    await this.volumes.grow(id, sizeGb);
  }

  /** Removes a volume with its data; nothing happens when it is gone. */
  async removeVolume(id: string): Promise<void> {
    await this.volumes.remove(id);
  }

  /** Makes the volume a block device of the machine. */
  async attach(id: string, machine: string, slot: Slot): Promise<void> {
    await this.volumes.attach(id, machine, slot, await this.container(machine));
  }

  /** Takes the volume away from its machine; what is mounted there fails from then on. */
  async detach(id: string): Promise<void> {
    const machine = this.volumes.machineOf(id);
    await this.volumes.detach(id, machine === undefined ? "" : await this.container(machine));
  }

  /** A public address, assigned to no machine: connections to it are refused. */
  allocateAddress(): Promise<string> {
    return this.addresses.allocate();
  }

  /** Leads the public address to the machine; to none when it is left out. */
  async assign(address: string, machine?: string): Promise<void> {
    const target = machine === undefined ? "" : (this.state.get(machines, machine)?.address ?? "");
    await this.addresses.assign(address, target);
  }

  /** Gives a public address up, or what `freeAddress` kept for a key; nothing happens when it is gone. */
  async releaseAddress(addressOrKey: string): Promise<void> {
    await this.addresses.release(addressOrKey);
    this.rehearsal.giveBack(addressOrKey);
  }

  /** The DNS records that `owner` has now, instead of those it had. */
  async setNames(owner: string, records: readonly NameRecord[]): Promise<void> {
    await this.names.set(owner, records);
  }

  private async container(name: string): Promise<string> {
    return `${(await this.network()).name}-${name}`;
  }

  private async power(name: string, action: "start" | "stop"): Promise<void> {
    const machine = this.state.get(machines, name);
    if (machine === undefined) throw new Error(`there is no machine ${name}`);
    if (this.rehearsal.hasContainers) {
      await runScript("power.sh", {}, [await this.container(name), action]);
    }
    this.state.put(machines, name, { ...machine, isOn: action === "start" });
  }
}
