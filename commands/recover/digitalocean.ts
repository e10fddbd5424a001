import type { Found, Lookup } from "./lookup";

const DEFAULT_URL = "https://api.digitalocean.com";
const TIMEOUT_MS = 20_000;

type Item = Readonly<Record<string, unknown>>;

/** List of the API that a type is in: its path, the answer's key, the field that is the id. */
interface List {
  readonly path: string;
  readonly key: string;
  readonly id: string;
}

const LISTS: Readonly<Record<string, List>> = {
  "digitalocean:index/droplet:Droplet": { path: "droplets", key: "droplets", id: "id" },
  "digitalocean:index/volume:Volume": { path: "volumes", key: "volumes", id: "id" },
  "digitalocean:index/vpc:Vpc": { path: "vpcs", key: "vpcs", id: "id" },
  "digitalocean:index/firewall:Firewall": { path: "firewalls", key: "firewalls", id: "id" },
  "digitalocean:index/sshKey:SshKey": { path: "account/keys", key: "ssh_keys", id: "id" },
  "digitalocean:index/domain:Domain": { path: "domains", key: "domains", id: "name" },
  "digitalocean:index/project:Project": { path: "projects", key: "projects", id: "id" },
  "digitalocean:index/uptimeCheck:UptimeCheck": { path: "uptime/checks", key: "checks", id: "id" },
  "digitalocean:index/tag:Tag": { path: "tags", key: "tags", id: "name" },
};
const RECORD = "digitalocean:index/dnsRecord:DnsRecord";
const RESERVED_IP = "digitalocean:index/reservedIp:ReservedIp";

/**
 * Looks things up at DigitalOcean by their names. Reads DIGITALOCEAN_TOKEN and DIGITALOCEAN_API_URL.
 */
export const digitalocean: Lookup = {
  knows: (type) => type in LISTS || type === RECORD || type === RESERVED_IP,

  async find(type, inputs) {
    if (type === RECORD) return findRecord(inputs);
    if (type === RESERVED_IP) return findReservedIps(inputs);
    const list = LISTS[type];
    if (list === undefined) return [];
    const items = await readList(list);
    return items.filter(({ name }) => name === inputs.name).map((item) => found(item[list.id]));
  },
};

function found(id: unknown): Found {
  return { id: String(id) };
}

async function findRecord(inputs: Item): Promise<Found[]> {
  const path = `domains/${encodeURIComponent(String(inputs.domain))}/records`;
  const records = await readList({ path, key: "domain_records", id: "id" });
  return records
    .filter(
      ({ type, name, data }) =>
        type === inputs.type && name === inputs.name && data === inputs.value,
    )
    .map(({ id }) => found(id));
}

// An address has no name, so one that leads nowhere may be anybody's.
async function findReservedIps(inputs: Item): Promise<Found[]> {
  const addresses = await readList({ path: "reserved_ips", key: "reserved_ips", id: "ip" });
  return addresses
    .filter(
      ({ droplet, region }) =>
        droplet === null && (region as Item | undefined)?.slug === inputs.region,
    )
    .map(({ ip }) => ({ ...found(ip), isCertain: false }));
}

async function readList({ path, key }: List): Promise<Item[]> {
  const token = process.env.DIGITALOCEAN_TOKEN ?? "";
  if (token === "") throw new Error("DIGITALOCEAN_TOKEN is not set");
  const base = (process.env.DIGITALOCEAN_API_URL ?? DEFAULT_URL).replace(/\/+$/, "");
  const items: Item[] = [];
  for (let page = 1; ; page += 1) {
    const response = await fetch(`${base}/v2/${path}?per_page=200&page=${String(page)}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 404) return items;
    if (!response.ok) throw new Error(`/v2/${path} answers ${String(response.status)}`);
    const answer = (await response.json()) as Record<string, unknown> & {
      links?: { pages?: { next?: string } };
    };
    items.push(...((answer[key] ?? []) as Item[]));
    if (answer.links?.pages?.next === undefined) return items;
  }
}
