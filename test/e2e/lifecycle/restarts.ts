import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fetchLocally } from "../support/https";
import { dockerLeftovers, eventually } from "../support/server";
import type { RunningStack } from "./running-stack";

/** Restarts of server and authority, and the end. */
export function restarts(stack: RunningStack): void {
  test(
    "after a restart of the server all is healthy again, without help",
    { timeout: 300_000 },
    async () => {
      execFileSync("docker", ["restart", stack.server.machine], { stdio: "ignore" });
      const restarted = performance.now();
      await eventually("all containers healthy and /health answering", 240, async () => {
        return stack.server.unhealthy().length === 0 && (await stack.health()).status === "ok";
      });
      const seconds = Math.round((performance.now() - restarted) / 1000);
      process.stdout.write(`healthy ${seconds} s after the restart\n`);
    },
  );

  test("a renewal after the restart is served at once", { timeout: 300_000 }, async () => {
    const before = stack.serial();
    stack.server.run(
      "certbot",
      "renew",
      "--quiet",
      "--force-renewal",
      "--no-random-sleep-on-renew",
      "--cert-name",
      "battery-hub",
    );
    assert.notEqual(stack.serial(), before);
    const { certificate } = await fetchLocally(stack.urls.main ?? "", stack.root);
    assert.equal(certificate.serialNumber, stack.serial());
  });

  test(
    "renewals go on after the authority forgot account and root",
    { timeout: 300_000 },
    async () => {
      const before = stack.serial();
      execFileSync("docker", ["restart", `${stack.server.machine}-acme`], { stdio: "ignore" });
      await eventually(
        "the authority answers again",
        120,
        () => stack.server.run("curl", "-sf", "https://acme:14000/dir") !== "",
      );
      stack.server.run("systemctl", "start", "certbot.service");
      assert.notEqual(stack.serial(), before);
      const renewed = stack.server.run("cat", "/srv/berth/tls/battery-hub/ca.pem");
      assert.equal(
        (await fetchLocally(stack.urls.main ?? "", renewed)).certificate.serialNumber,
        stack.serial(),
      );
    },
  );

  test("a stopped server is started again by make up", { timeout: 300_000 }, async () => {
    execFileSync("docker", ["stop", stack.server.machine], { stdio: "ignore" });
    const told = await stack.project.run("commands/status.sh", []);
    assert.equal(told.status, 4, told.output);
    assert.match(told.output, /! server +127\.0\.0\.1 can't be reached: .*make up STACK=e2e/);
    const { status, output } = await stack.project.make("up");
    assert.equal(status, 0, output);
    stack.root = stack.server.run("cat", "/srv/berth/tls/battery-hub/ca.pem");
    await eventually("/health answering", 180, async () => (await stack.health()).status === "ok");
  });

  test("make down leaves no container, volume, network or file", { timeout: 300_000 }, async () => {
    const { status, output } = await stack.project.make("down");
    assert.equal(status, 0, output);
    assert.deepEqual(dockerLeftovers(stack.name), []);
    const cache = process.env.BERTH_CACHE ?? "";
    assert.equal(existsSync(join(cache, "machines", stack.server.machine)), false);
    assert.equal(existsSync(join(cache, "certificates", `${stack.name}.pem`)), false);
    const again = await stack.project.make("down");
    assert.equal(again.status, 0, again.output);
  });
}
