import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { eventually } from "../e2e/support/server";
import { HostServer, removeAll } from "../host/server";
import { Volume } from "../host/volume";
import { output, type Ended } from "../support/script";

const DOMAIN = "shop.test";
const CERTIFICATE = "/srv/berth/tls/shop/fullchain.pem";

// What release.sh puts before an application, as far as an authority is concerned.
const SITE = `server {
  listen 80;
  server_name ${DOMAIN} www.${DOMAIN};
  location /.well-known/acme-challenge/ { root /srv/berth/acme; }
}
`;

describe("a server built anew around its data volume", { timeout: 1_800_000 }, () => {
  const old = new HostServer(`berth-test-rebuild-a-${process.pid}`);
  const fresh = new HostServer(`berth-test-rebuild-b-${process.pid}`);
  const volume = new Volume("nvme-Amazon_Elastic_Block_Store_vol0berth");
  let shown = "";

  before(async () => {
    await volume.create(256);
    await old.create();
    await fresh.create();
    // System users are given ids in the order of installation.
    await old.run(
      "bash",
      "-c",
      "systemctl stop docker-registry && usermod -u 777 docker-registry && groupmod -g 777 docker-registry && systemctl start docker-registry",
    );
    await volume.attach(old);
    await install(old);
  });

  after(() => removeAll(old, fresh, volume));

  const install = async (server: HostServer) => {
    const { code, stderr } = await server.install({ device: volume.path });
    assert.equal(code, 0, stderr);
    const site = await server.bash(
      "cat >/etc/nginx/sites-enabled/shop.conf && systemctl reload-or-restart nginx",
      SITE,
    );
    assert.equal(site.code, 0, site.stderr);
  };

  const issue = (server: HostServer, values: Readonly<Record<string, string>> = {}) =>
    server.script("certificate.sh", {
      APP: "shop",
      DOMAINS: DOMAIN,
      EMAIL: "owner@shop.test",
      ACME_SERVER: "https://acme:14000/dir",
      ACME_ROOT_URL: "https://acme:15000/roots/0",
      PUBLIC_ADDRESS: "",
      ...values,
    });

  test("first no authority is asked while a name does not lead to the server", async () => {
    const { code, stderr } = await issue(old, {
      PUBLIC_ADDRESS: "203.0.113.7",
      AWAIT_SECONDS: "1",
    });
    assert.equal(code, 73, stderr);
    assert.match(
      stderr,
      /make these DNS records \(name, type, value\), then run `make up` again once they are there:\n {2}shop.test {2}A {2}203.0.113.7\n/,
    );
    assert.equal(await orders(old), 0);
  });

  test("then one certificate is ordered, and kept by a second run", async () => {
    await old.run("bash", "-c", `echo '203.0.113.7 ${DOMAIN}' >>/etc/hosts`);
    const first = await issue(old, { PUBLIC_ADDRESS: "203.0.113.7" });
    assert.equal(first.code, 0, first.stderr);
    shown = await old.run("cat", CERTIFICATE);
    assert.equal(new X509Certificate(shown).subjectAltName, `DNS:${DOMAIN}`);
    // One for each try that the authority took; the log may come late.
    await eventually("an order", 180, async () => (await orders(old)) >= 1);
    const asked = await orders(old);
    const second = await issue(old);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stderr, /the certificate of shop is kept/);
    assert.equal(second.stdout, first.stdout);
    assert.equal(await orders(old), asked);
  });

  test("the volume goes to a server that has nothing but its first boot", async () => {
    await push(old, "layer of the old server");
    await old.run(
      "bash",
      "-c",
      "install -d -m 0700 -o 999 -g 999 /srv/berth/shop/volumes/postgres",
    );
    assert.equal((await old.script("release-volume.sh")).code, 0);
    await volume.detach(old);
    await output("docker", ["stop", `${fresh.name}-acme`]);
    await volume.attach(fresh);
    await install(fresh);
    assert.equal(
      await fresh.run("stat", "-c", "%u:%g %a", "/srv/berth/shop/volumes/postgres"),
      "999:999 700",
    );
  });

  test("its registry serves what it had, and takes more", async () => {
    assert.notEqual(await fresh.run("id", "-u", "docker-registry"), "777");
    assert.equal(
      (await fresh.bash(`curl -fsS ${blob("layer of the old server")}`)).stdout,
      "layer of the old server",
    );
    await push(fresh, "layer of the new server");
    assert.equal(
      (await fresh.bash(`curl -fsS ${blob("layer of the new server")}`)).stdout,
      "layer of the new server",
    );
  });

  test("its certificate is the same, and no authority is asked", async () => {
    const { code, stdout, stderr } = await issue(fresh, { PUBLIC_ADDRESS: "203.0.113.7" });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /not all names lead to this server; the DNS records to make/);
    assert.equal(await fresh.run("cat", CERTIFICATE), shown);
    assert.equal(await fresh.run("readlink", "/etc/letsencrypt"), "/srv/berth/letsencrypt");
    assert.match((JSON.parse(stdout) as { root: string }).root, /BEGIN CERTIFICATE/);
    assert.match(await fresh.run("certbot", "certificates"), /Certificate Name: shop/);
  });

  test("an authority is asked when the names or the authority are others", async () => {
    const changes: Record<string, string>[] = [
      { DOMAINS: `${DOMAIN}\nwww.${DOMAIN}` },
      { ACME_SERVER: "https://acme:14000/other" },
    ];
    for (const change of changes) {
      const { code, stderr } = await issue(fresh, change);
      assert.equal(code, 71, stderr);
      assert.match(stderr, /asking https:\/\/acme:14000/);
      assert.equal(await fresh.run("cat", CERTIFICATE), shown, "the old one stays");
    }
  });
});

/** Orders that the server's own authority has been asked for. */
async function orders(server: HostServer): Promise<number> {
  const log = await output("bash", ["-c", `docker logs ${server.name}-acme 2>&1`]);
  return log.split("\n").filter((line) => line.includes("There are now") && line.includes("orders"))
    .length;
}

function blob(content: string): string {
  return `"http://127.0.0.1:5000/v2/shop/api/blobs/sha256:$(printf '%s' '${content}' | sha256sum | cut -d ' ' -f 1)"`;
}

/** Puts a layer into the server's registry, as a release does. */
async function push(server: HostServer, content: string): Promise<void> {
  const { code, stderr }: Ended = await server.bash(
    `set -euo pipefail
     place=$(curl -fsS -D - -o /dev/null -X POST http://127.0.0.1:5000/v2/shop/api/blobs/uploads/ | tr -d '\\r' | sed -n 's/^[Ll]ocation: //p')
     digest=sha256:$(printf '%s' '${content}' | sha256sum | cut -d ' ' -f 1)
     printf '%s' '${content}' | curl -fsS -X PUT -H 'Content-Type: application/octet-stream' --data-binary @- "$place&digest=$digest"`,
  );
  assert.equal(code, 0, stderr);
}
