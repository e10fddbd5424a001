import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HostServer, removeAll } from "../host/server";

const IMAGE = "debian:trixie-slim";

describe("a server without a data volume", { timeout: 900_000 }, () => {
  const server = new HostServer(`berth-test-volume-none-${process.pid}`);

  before(async () => {
    await server.create();
    const { code, stderr } = await server.install();
    assert.equal(code, 0, stderr);
  });
  after(() => removeAll(server));

  test("has nothing to release", async () => {
    const { code, stderr } = await server.script("release-volume.sh");
    assert.equal(code, 0);
    assert.match(stderr, /this server has no data volume/);
    assert.equal(await server.run("systemctl", "is-active", "docker"), "active");
  });

  test("is given the authority of a database elsewhere, and the network that a database would have made", async () => {
    await server.loadImage(IMAGE);
    const migrate = (authority: string) =>
      server.script("migrate.sh", {
        ...{ APP: "shop", RELEASE: "r1", COMPOSE: "{}", ENV_FILE: "", IMAGES: IMAGE },
        ...{ MIGRATE_SERVICE: "", REVISIONS: "[]", SQL_CHECKS: "[]", DB_CA: authority },
      });
    const first = await migrate("the authority\n");
    assert.equal(first.code, 0, first.stderr);
    const file = "/opt/shop/database-ca.pem";
    assert.equal(await server.run("cat", file), "the authority");
    assert.equal(await server.run("stat", "-c", "%a %U", file), "644 root");
    assert.match(await server.run("docker", "network", "ls"), /shop-data/);
    assert.equal((await migrate("")).code, 0);
    await server.run("test", "!", "-e", file);
  });
});
