import assert from "node:assert/strict";
import { test } from "node:test";
import { shopApplication } from "../test/support/application";
import { renderSite, renderUpstreams } from "./nginx";

const rendering = {
  application: shopApplication(),
  domains: { main: "shop.example.org" },
  publicPort: 443,
  strictTransport: false,
  dataPath: "/srv/berth",
};

test("an upstream is the slot's port on loopback", () => {
  const expected = (port: number): string =>
    `upstream shop-web {\n  server 127.0.0.1:${port};\n  keepalive 16;\n}\n`;
  assert.equal(renderUpstreams(shopApplication(), "a"), expected(20000));
  assert.equal(renderUpstreams(shopApplication(), "b"), expected(20100));
});

test("a site answers challenges, redirects, and serves each domain over TLS", () => {
  assert.equal(
    renderSite(rendering),
    `server {
  listen 80;
  listen [::]:80;
  server_name shop.example.org;
  include /etc/nginx/berth/headers.conf;
  location ^~ /.well-known/acme-challenge/ {
    root /srv/berth/acme;
    default_type text/plain;
  }
  location / {
    return 301 https://$host$request_uri;
  }
}

server {
  listen 443 ssl;
  listen [::]:443 ssl;
  server_name shop.example.org;
  ssl_certificate /srv/berth/tls/shop/fullchain.pem;
  ssl_certificate_key /srv/berth/tls/shop/privkey.pem;
  include /etc/nginx/berth/headers.conf;
  client_max_body_size 1m;
  location / {
    proxy_pass http://shop-web;
    include /etc/nginx/berth/proxy.conf;
    proxy_set_header Connection "";
    proxy_read_timeout 60s;
    proxy_send_timeout 60s;
  }
}
`,
  );
});

test("redirects name a public port other than 443", () => {
  assert.match(
    renderSite({ ...rendering, publicPort: 8443 }),
    /return 301 https:\/\/\$host:8443\$request_uri;/,
  );
});

test("strict transport is said only where it is asked for", () => {
  assert.doesNotMatch(renderSite(rendering), /Strict-Transport-Security/);
  assert.match(
    renderSite({ ...rendering, strictTransport: true }),
    /add_header Strict-Transport-Security "max-age=63072000" always;/,
  );
});

test("a websocket route passes the upgrade", () => {
  const application = shopApplication();
  const main = application.berth.routes.main;
  assert.ok(main !== undefined);
  const site = renderSite({
    ...rendering,
    application: shopApplication({ routes: { main: { ...main, websocket: true } } }),
  });
  assert.match(site, /proxy_set_header Upgrade \$http_upgrade;/);
});

test("a route without a domain is refused", () => {
  assert.throws(() => renderSite({ ...rendering, domains: {} }), {
    message: "domains.main is missing",
  });
});

test("nothing is said that only some versions of nginx understand", () => {
  assert.doesNotMatch(renderSite(rendering), /http2|ssl_reject_handshake/);
});
