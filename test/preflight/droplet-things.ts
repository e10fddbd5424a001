import * as held from "../../simulator/digitalocean/records";
import type { SimulatedCloud } from "./simulated-cloud";

/** Puts a droplet of ours into the account. */
export function haveDroplet(
  cloud: SimulatedCloud,
  id = 101,
  size = "s-2vcpu-4gb",
  disk = 80,
  name = "shop-prod-1",
): void {
  cloud.state.put(held.droplets, String(id), {
    id,
    name,
    region: "fra1",
    size,
    image: "debian-13-x64",
    status: "active",
    disk,
    vcpus: 2,
    memory: 4096,
    vpcUuid: "",
    tags: ["berth-prod", "berth-shop-prod"],
    backups: false,
    ipv6: false,
    monitoring: true,
    ipv4Address: "192.0.2.1",
    ipv4AddressPrivate: "10.0.0.2",
    createdAt: "2026-11-21T10:00:00Z",
  });
}

/** Puts a volume into the account. */
export function haveVolume(cloud: SimulatedCloud, id: string, size = 20, name = "shop-prod"): void {
  cloud.state.put(held.volumes, id, {
    id,
    name,
    region: "fra1",
    size,
    description: "",
    filesystemType: "",
    filesystemLabel: "",
    tags: [],
    dropletIds: [],
  });
}
