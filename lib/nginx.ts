import { routedServices } from "./application-checks";
import type { Application, Route } from "./application-types";
import { slotPort, type Slot } from "./slot-ports";

/** What an application's part of the proxy's configuration is made from. */
export interface SiteRendering {
  readonly application: Application;
  /** Domain of each route by its key. */
  readonly domains: Readonly<Record<string, string>>;
  /** Port in public URLs; redirects name it where it is not 443. */
  readonly publicPort: number;
  /** Tells browsers to use HTTPS only, for two years; see {@link isProductionAuthority}. */
  readonly strictTransport: boolean;
  /** Folder of the data volume on the server, e.g. `/srv/berth`. */
  readonly dataPath: string;
}

/** Renders where each routed service listens; the one file that a switch between slots rewrites. */
export function renderUpstreams(application: Application, slot: Slot): string {
  const app = application.project.name;
  const routed = routedServices(application);
  return routed
    .map(
      (service) =>
        `upstream ${app}-${service} {\n  server 127.0.0.1:${String(slotPort(slot, routed, service))};\n  keepalive 16;\n}\n`,
    )
    .join("");
}

/**
 * Renders the server blocks of an application: challenges and redirects on port 80, a block per domain on port 443.
 * HTTP/2 is not said here: versions of nginx say it differently, so the server's own configuration does.
 */
export function renderSite(rendering: SiteRendering): string {
  const { application, domains } = rendering;
  const byDomain = new Map<string, Route[]>();
  for (const [key, route] of Object.entries(application.berth.routes)) {
    const domain = domains[key];
    if (domain === undefined) throw new Error(`domains.${key} is missing`);
    byDomain.set(domain, [...(byDomain.get(domain) ?? []), route]);
  }
  const names = [...byDomain.keys()].join(" ");
  const port = rendering.publicPort === 443 ? "" : `:${String(rendering.publicPort)}`;
  return [
    block("server", [
      "listen 80;",
      "listen [::]:80;",
      `server_name ${names};`,
      "include /etc/nginx/berth/headers.conf;",
      ...block("location ^~ /.well-known/acme-challenge/", [
        `root ${rendering.dataPath}/acme;`,
        "default_type text/plain;",
      ]),
      ...block("location /", [`return 301 https://$host${port}$request_uri;`]),
    ]),
    ...[...byDomain].map(([domain, routes]) => renderDomain(rendering, domain, routes)),
  ]
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function renderDomain(
  rendering: SiteRendering,
  domain: string,
  routes: readonly Route[],
): string[] {
  const app = rendering.application.project.name;
  const tls = `${rendering.dataPath}/tls/${app}`;
  const limits = [...new Set(routes.map((route) => route.bodyLimit))];
  const strict = rendering.strictTransport
    ? ['add_header Strict-Transport-Security "max-age=63072000" always;']
    : [];
  return block("server", [
    "listen 443 ssl;",
    "listen [::]:443 ssl;",
    `server_name ${domain};`,
    `ssl_certificate ${tls}/fullchain.pem;`,
    `ssl_certificate_key ${tls}/privkey.pem;`,
    "include /etc/nginx/berth/headers.conf;",
    ...strict,
    ...(limits.length === 1 ? [`client_max_body_size ${String(limits[0])};`] : []),
    ...routes.flatMap((route) => renderLocation(app, route, limits.length > 1)),
  ]);
}

function renderLocation(app: string, route: Route, ownLimit: boolean): string[] {
  const timeout = `${String(route.timeoutSeconds)}s`;
  return block(`location ${route.path}`, [
    `proxy_pass http://${app}-${route.service};`,
    "include /etc/nginx/berth/proxy.conf;",
    ...(route.websocket
      ? [
          "proxy_set_header Upgrade $http_upgrade;",
          "proxy_set_header Connection $berth_connection;",
        ]
      : ['proxy_set_header Connection "";']),
    ...(ownLimit ? [`client_max_body_size ${route.bodyLimit};`] : []),
    `proxy_read_timeout ${timeout};`,
    `proxy_send_timeout ${timeout};`,
  ]);
}

function block(head: string, lines: readonly string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `  ${line}`), "}"];
}
