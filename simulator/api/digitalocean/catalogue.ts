import type { ApiAccount } from "../account";

type Account = NonNullable<ApiAccount["digitalocean"]>;

const USUAL_LIMIT = 10;
const USUAL_IMAGE_DISK = 10;

/** The account as the API tells it; a limit shows only to a token that may read its things. */
export function account(holder: Account): Record<string, unknown> {
  const may = (scope: string) => holder.scopes === undefined || holder.scopes.includes(scope);
  return {
    ...(may("droplet:read") ? { droplet_limit: holder.dropletLimit } : {}),
    ...(may("reserved_ip:read")
      ? {
          floating_ip_limit: holder.reservedIpLimit ?? USUAL_LIMIT,
          reserved_ip_limit: holder.reservedIpLimit ?? USUAL_LIMIT,
        }
      : {}),
    ...(may("block_storage:read") ? { volume_limit: holder.volumeLimit ?? USUAL_LIMIT } : {}),
    email: "owner@example.org",
    name: "Owner",
    uuid: "00000000-0000-4000-8000-000000000001",
    email_verified: true,
    status: holder.status ?? "active",
    status_message: "",
  };
}

/** Every region. */
export function regions(holder: Account): unknown[] {
  return holder.regions.map((slug) => region(holder, slug));
}

/** A region with what it offers. */
export function region(holder: Account, slug: string): Record<string, unknown> {
  return {
    name: slug.toUpperCase(),
    slug,
    available: holder.closedRegions?.includes(slug) !== true,
    features: ["backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer"],
    sizes: holder.sizes
      .map((size) => size.slug)
      .filter((size) => offered(holder.sizeRegions?.[size], holder).includes(slug)),
  };
}

/** Every size. */
export function sizes(holder: Account): unknown[] {
  return holder.sizes.map((size) => sizeOf(holder, size));
}

/** A size by its slug; undefined when there is none. */
export function size(holder: Account, slug: string): Record<string, unknown> | undefined {
  const found = holder.sizes.find((each) => each.slug === slug);
  return found && sizeOf(holder, found);
}

function sizeOf(holder: Account, size: Account["sizes"][number]): Record<string, unknown> {
  return {
    slug: size.slug,
    memory: size.memory,
    vcpus: size.vcpus,
    disk: size.disk,
    transfer: 4,
    price_monthly: 24,
    price_hourly: 0.03571,
    regions: offered(holder.sizeRegions?.[size.slug], holder),
    available: true,
    description: "Basic",
  };
}

/** An image by its slug; undefined when there is none. */
export function image(holder: Account, slug: string): unknown {
  if (!holder.images.includes(slug)) return undefined;
  return {
    id: 1000 + holder.images.indexOf(slug),
    name: slug,
    type: "base",
    distribution: slug.split("-")[0],
    slug,
    public: true,
    regions: offered(holder.imageRegions?.[slug], holder),
    min_disk_size: holder.imageDisks?.[slug] ?? USUAL_IMAGE_DISK,
    size_gigabytes: 1.5,
    status: "available",
    tags: [],
    created_at: "2026-01-01T00:00:00Z",
  };
}

function offered(given: readonly string[] | undefined, holder: Account): readonly string[] {
  return given ?? holder.regions;
}
