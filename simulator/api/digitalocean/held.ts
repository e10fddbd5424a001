import type { State } from "../../core/state";
import * as kinds from "../../digitalocean/records";
import type { Droplet, ReservedIp, Volume } from "../../digitalocean/records";
import type { ApiAccount } from "../account";
import { makeTags } from "../../digitalocean/tag";
import { region, size } from "./catalogue";
import { unprocessable } from "./refused";

type Account = NonNullable<ApiAccount["digitalocean"]>;

/** Droplets, of a tag where the query asks for one; tags are compared without case. */
export function droplets(state: State, holder: Account, query: URLSearchParams): unknown[] {
  const tag = query.get("tag_name")?.toLowerCase();
  const name = query.get("name");
  return state
    .list(kinds.droplets)
    .filter(({ tags }) => tag === undefined || tags.some((each) => each.toLowerCase() === tag))
    .filter((each) => name === null || each.name === name)
    .map((each) => droplet(state, holder, each));
}

function droplet(state: State, holder: Account, held: Droplet): Record<string, unknown> {
  const network = (address: string, type: string) => ({
    ip_address: address,
    netmask: "255.255.240.0",
    gateway: "",
    type,
  });
  const volumeIds = state
    .list(kinds.volumes)
    .filter(({ dropletIds }) => dropletIds.includes(held.id))
    .map(({ id }) => id);
  return {
    id: held.id,
    name: held.name,
    memory: held.memory,
    vcpus: held.vcpus,
    disk: held.disk,
    locked: false,
    status: held.status,
    created_at: held.createdAt,
    features: [],
    size_slug: held.size,
    size: size(holder, held.size),
    image: { slug: held.image },
    networks: {
      v4: [network(held.ipv4AddressPrivate, "private"), network(held.ipv4Address, "public")],
      v6: [],
    },
    region: region(holder, held.region),
    tags: held.tags,
    volume_ids: volumeIds,
    vpc_uuid: held.vpcUuid,
  };
}

/** Volumes, of a name or region where the query asks for one. */
export function volumes(state: State, query: URLSearchParams): unknown[] {
  const name = query.get("name");
  const place = query.get("region");
  return state
    .list(kinds.volumes)
    .filter((each) => name === null || each.name === name)
    .filter((each) => place === null || each.region === place)
    .map((held: Volume) => ({
      id: held.id,
      name: held.name,
      description: held.description,
      size_gigabytes: held.size,
      droplet_ids: held.dropletIds,
      region: { slug: held.region },
      filesystem_type: held.filesystemType,
      filesystem_label: held.filesystemLabel,
      tags: held.tags,
    }));
}

/** Reserved addresses with the id of the droplet that they lead to. */
export function reservedIps(state: State): unknown[] {
  return state.list(kinds.reservedIps).map((held: ReservedIp) => ({
    ip: held.ip,
    region: { slug: held.region },
    droplet: held.dropletId === undefined ? null : { id: held.dropletId },
    locked: false,
  }));
}

/** SSH keys. */
export function keys(state: State): unknown[] {
  return state.list(kinds.sshKeys).map(({ id, name, fingerprint, publicKey }) => ({
    id: Number(id),
    name,
    fingerprint,
    public_key: publicKey,
  }));
}

/** Private networks. */
export function vpcs(state: State): unknown[] {
  return state.list(kinds.vpcs).map((held) => ({
    id: held.id,
    urn: `do:vpc:${held.id}`,
    name: held.name,
    description: held.description,
    region: held.region,
    ip_range: held.ipRange,
    default: held.isDefault,
    created_at: held.createdAt,
  }));
}

/** Zones: those made by hand and those of stacks. */
export function domains(state: State, holder: Account): { name: string; ttl: number }[] {
  const made = state.list(kinds.domains).map(({ name }) => name);
  return [...new Set([...holder.domains, ...made])].map((name) => ({ name, ttl: 1800 }));
}

/** Records of a zone. */
export function records(state: State, domain: string): unknown[] {
  return state
    .list(kinds.dnsRecords)
    .filter((held) => held.domain === domain)
    .map(({ id, type, name, data, ttl, priority, port, weight, flags, tag }) => ({
      id,
      type,
      name,
      data,
      ttl,
      priority,
      port,
      weight,
      flags,
      tag,
    }));
}

/** Projects. */
export function projects(state: State): unknown[] {
  return state.list(kinds.projects).map(({ id, name }) => ({ id, name, is_default: false }));
}

/** Uptime checks. */
export function uptimeChecks(state: State): unknown[] {
  return state.list(kinds.uptimeChecks).map(({ id, name, outputs }) => ({
    id,
    name,
    target: outputs["target"],
    type: outputs["type"],
  }));
}

/** Tags. */
export function tags(state: State): unknown[] {
  return state.list(kinds.tags).map(({ name }) => ({ name }));
}

/** Makes a tag; one that is there already is fine. */
export function createTag(state: State, body: string): unknown {
  const { name } = JSON.parse(body) as { name?: string };
  if (name === undefined || !/^[A-Za-z0-9_:-]{1,255}$/.test(name)) {
    throw unprocessable(
      "Name is invalid: allowed are letters, digits, underscores, dashes, colons",
    );
  }
  makeTags(state, [name]);
  return { name, resources: { count: 0 } };
}
