import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kind } from "../core/state";
import type { Rehearsal } from "./rehearsal";
import { runScript } from "./run-script";

/** One DNS record. Only A, AAAA and CNAME are answered; others are kept and asked for by nobody. */
export interface NameRecord {
  /** Full name, with or without the final dot. */
  name: string;
  type: string;
  values: readonly string[];
}

interface Owned {
  owner: string;
  records: readonly NameRecord[];
}

const names = kind<Owned>("rehearsal/names");
const MOST_ALIASES = 8;

/** The names that the rehearsal's DNS server answers by itself. */
export class Names {
  constructor(private readonly rehearsal: Rehearsal) {}

  async set(owner: string, records: readonly NameRecord[]): Promise<void> {
    await this.rehearsal.network();
    await this.rehearsal.state.locked(async () => {
      if (records.length === 0) this.rehearsal.state.remove(names, owner);
      else this.rehearsal.state.put(names, owner, { owner, records });
      const all = this.rehearsal.state.list(names).flatMap((owned) => owned.records);
      const folder = join(this.rehearsal.state.folder, "dns");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "hosts.new"), hosts(all));
      renameSync(join(folder, "hosts.new"), join(folder, "hosts"));
      if (this.rehearsal.hasContainers) await this.tellServer();
    });
  }

  private async tellServer(): Promise<void> {
    await runScript("names-changed.sh", {}, [(await this.rehearsal.network()).name]);
  }
}

/** Lines as in /etc/hosts; aliases stand with the addresses they lead to. */
function hosts(records: readonly NameRecord[]): string {
  const byName = new Map<string, NameRecord[]>();
  for (const record of records) {
    const key = plain(record.name);
    byName.set(key, [...(byName.get(key) ?? []), record]);
  }
  const addresses = (name: string, depth: number): string[] =>
    depth > MOST_ALIASES
      ? []
      : (byName.get(name) ?? []).flatMap(({ type, values }) =>
          type === "CNAME"
            ? values.flatMap((value) => addresses(plain(value), depth + 1))
            : type === "A" || type === "AAAA"
              ? [...values]
              : [],
        );
  return [...byName.keys()]
    .sort()
    .flatMap((name) => addresses(name, 0).map((address) => `${address} ${name}\n`))
    .join("");
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
