import type { State } from "../../core/state";
import type { ApiAccount } from "../account";
import type { ApiRequest } from "../http";
import { account, image, regions, sizes } from "./catalogue";
import { createFirewall, deleteFirewall, firewall, firewalls } from "./firewalls";
import * as held from "./held";
import { notFound } from "./refused";

type Account = NonNullable<ApiAccount["digitalocean"]>;

/** What an answer is made from. */
export interface Asked {
  readonly state: State;
  readonly account: Account;
  readonly request: ApiRequest;
  /** Part of the path that names one thing; empty where there is none. */
  readonly id: string;
}

/** A path of the API. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** The whole path; its first group is the id. */
  readonly path: RegExp;
  /** What a token has to be allowed. */
  readonly scope: string;
  /** Key of a list, which is then given in pages. */
  readonly list?: string;
  /** Status of success. @default 200 */
  readonly status?: number;
  readonly answer: (asked: Asked) => unknown;
}

const list = (
  path: string,
  key: string,
  scope: string,
  answer: (asked: Asked) => readonly unknown[],
): Route => ({ method: "GET", path: new RegExp(`^${path}$`), scope, list: key, answer });

/** The paths that are served; every other is not found. */
export const ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: /^\/v2\/account$/,
    scope: "account:read",
    answer: (asked) => ({ account: account(asked.account) }),
  },
  list("/v2/regions", "regions", "regions:read", (asked) => regions(asked.account)),
  list("/v2/sizes", "sizes", "sizes:read", (asked) => sizes(asked.account)),
  {
    method: "GET",
    path: /^\/v2\/images\/([^/]+)$/,
    scope: "image:read",
    answer: ({ account: holder, id }) => ({ image: image(holder, id) ?? fail() }),
  },
  list("/v2/droplets", "droplets", "droplet:read", ({ state, account: holder, request }) =>
    held.droplets(state, holder, request.query),
  ),
  list("/v2/volumes", "volumes", "block_storage:read", ({ state, request }) =>
    held.volumes(state, request.query),
  ),
  list("/v2/reserved_ips", "reserved_ips", "reserved_ip:read", ({ state }) =>
    held.reservedIps(state),
  ),
  list("/v2/account/keys", "ssh_keys", "ssh_key:read", ({ state }) => held.keys(state)),
  list("/v2/vpcs", "vpcs", "vpc:read", ({ state }) => held.vpcs(state)),
  list("/v2/domains", "domains", "domain:read", ({ state, account: holder }) =>
    held.domains(state, holder),
  ),
  {
    method: "GET",
    path: /^\/v2\/domains\/([^/]+)$/,
    scope: "domain:read",
    answer: ({ state, account: holder, id }) => ({
      domain: held.domains(state, holder).find(({ name }) => name === id) ?? fail(),
    }),
  },
  list("/v2/domains/([^/]+)/records", "domain_records", "domain:read", (asked) => {
    const { state, account: holder, id } = asked;
    if (!held.domains(state, holder).some(({ name }) => name === id)) fail();
    return held.records(state, id);
  }),
  list("/v2/projects", "projects", "project:read", ({ state }) => held.projects(state)),
  list("/v2/uptime/checks", "checks", "uptime:read", ({ state }) => held.uptimeChecks(state)),
  list("/v2/tags", "tags", "tag:read", ({ state }) => held.tags(state)),
  {
    method: "POST",
    path: /^\/v2\/tags$/,
    scope: "tag:create",
    status: 201,
    answer: ({ state, request }) => ({ tag: held.createTag(state, request.body) }),
  },
  list("/v2/firewalls", "firewalls", "firewall:read", ({ state }) => firewalls(state)),
  {
    method: "GET",
    path: /^\/v2\/firewalls\/([^/]+)$/,
    scope: "firewall:read",
    answer: ({ state, id }) => ({ firewall: firewall(state, id) }),
  },
  {
    method: "POST",
    path: /^\/v2\/firewalls$/,
    scope: "firewall:create",
    status: 202,
    answer: async ({ state, request }) => ({
      firewall: await createFirewall(state, request.body),
    }),
  },
  {
    method: "DELETE",
    path: /^\/v2\/firewalls\/([^/]+)$/,
    scope: "firewall:delete",
    status: 204,
    answer: ({ state, id }) => deleteFirewall(state, id),
  },
];

function fail(): never {
  throw notFound();
}
