import { isOurServerName, serverTag } from "../names";
import type { PreflightSettings } from "../settings";
import { DIGITALOCEAN_API, DigitalOceanClient } from "./digitalocean-client";
import { CredentialsRefused, isCloudError } from "./errors";
import { once } from "./once";

/** The account; limits are missing where the token may not see them. */
export interface Account {
  readonly droplet_limit?: number;
  readonly volume_limit?: number;
  readonly reserved_ip_limit?: number;
  readonly floating_ip_limit?: number;
  readonly status: string;
  readonly status_message: string;
}

/** A region; `sizes` are what it offers, `features` such as `storage` what else. */
export interface Region {
  readonly slug: string;
  readonly available: boolean;
  readonly sizes: readonly string[];
  readonly features: readonly string[];
}

/** A size of droplets; disk in GiB, memory in MiB. */
export interface Size {
  readonly slug: string;
  readonly available: boolean;
  readonly disk: number;
  readonly memory: number;
  readonly vcpus: number;
  readonly regions: readonly string[];
}

/** An image; `min_disk_size` in GiB. */
export interface Image {
  readonly slug: string | null;
  readonly regions: readonly string[];
  readonly min_disk_size: number;
  readonly status?: string;
}

/** A droplet; disk in GiB. */
export interface Droplet {
  readonly id: number;
  readonly name: string;
  readonly disk: number;
  readonly size_slug: string;
  readonly tags: readonly string[];
}

/** A volume. */
export interface Volume {
  readonly id: string;
  readonly name: string;
  readonly size_gigabytes: number;
  readonly region: { readonly slug: string };
  readonly droplet_ids: readonly number[];
}

/** Something that has an id and a name. */
export interface Named {
  readonly id: string | number;
  readonly name: string;
}

/** What the checks ask of a DigitalOcean account; each question is asked once. */
export class DigitalOceanAccount {
  private readonly client: () => DigitalOceanClient;

  constructor(
    private readonly settings: PreflightSettings,
    env: Readonly<Record<string, string | undefined>>,
    signal: AbortSignal,
  ) {
    this.client = () => digitalOceanClient(env, signal);
  }

  readonly account = once(
    async () => (await this.client().get<{ account: Account }>("/v2/account")).account,
  );
  readonly regions = once(() => this.client().list<Region>("/v2/regions", "regions"));
  readonly sizes = once(() => this.client().list<Size>("/v2/sizes", "sizes"));
  readonly volumes = once(() => this.client().list<Volume>("/v2/volumes", "volumes"));
  readonly keys = once(() => this.client().list<Named>("/v2/account/keys", "ssh_keys"));
  readonly firewalls = once(() => this.client().list<Named>("/v2/firewalls", "firewalls"));
  readonly networks = once(() => this.client().list<Named>("/v2/vpcs", "vpcs"));
  readonly domains = once(() => this.client().list<{ name: string }>("/v2/domains", "domains"));

  /** Droplets that bear the server's tag and a name of ours. */
  readonly ourDroplets = once(async () => {
    const path = `/v2/droplets?tag_name=${encodeURIComponent(serverTag(this.settings))}`;
    const droplets = await this.client().list<Droplet>(path, "droplets");
    return droplets.filter(({ name }) => isOurServerName(this.settings, name));
  });

  /** The image of the settings, undefined when there is none of that slug. */
  readonly image = once(async () => {
    try {
      const path = `/v2/images/${encodeURIComponent(this.settings.image)}`;
      return (await this.client().get<{ image: Image }>(path)).image;
    } catch (error) {
      if (isCloudError(error, "not_found")) return undefined;
      throw error;
    }
  });

  /** How many things of a kind the account has. */
  async count(kind: "droplets" | "volumes" | "reserved_ips"): Promise<number> {
    return await this.client().count(`/v2/${kind}`);
  }
}

/** Makes a client from the environment. @throws CredentialsRefused when there is no token. */
export function digitalOceanClient(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): DigitalOceanClient {
  const token = env["DIGITALOCEAN_TOKEN"] ?? "";
  if (token === "") throw new CredentialsRefused("DIGITALOCEAN_TOKEN is not set");
  return new DigitalOceanClient(token, env["DIGITALOCEAN_API_URL"] ?? DIGITALOCEAN_API, signal);
}
