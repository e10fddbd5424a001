import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { RunningStack } from "./running-stack";

interface Report {
  readonly exitCode: number;
  readonly server: { readonly containers: readonly unknown[] };
}

/** What an operator asks a running stack. */
export function commands(stack: RunningStack): void {
  test("make status shows one screen, with one login", { timeout: 180_000 }, async () => {
    const logins = stack.server.logins();
    const { status, output } = await stack.project.make("status");
    assert.equal(status, 0, output);
    assert.equal(stack.server.logins(), logins + 1);
    for (const line of [
      /✓ server +127\.0\.0\.1, Debian GNU\/Linux 13/,
      /✓ release +[0-9a-f]{12}, schema at revision \d{4}/,
      /✓ certificate +\d+ days left, until \d{4}-\d\d-\d\d/,
      /✓ containers +5 of 5 healthy: .*postgres/,
      /✓ disk +\d+(\.\d)? of \d+ GB free/,
      /✓ last up +.* ago: succeeded/,
    ]) {
      assert.match(output, line);
    }
    assert.ok(output.split("\n").length <= 24, output);
  });

  test("make status marks a container that is down", { timeout: 180_000 }, async () => {
    stack.server.run("docker", "stop", "battery-hub-cron-1");
    const { status, output } = await stack.project.run("commands/status.sh", [], {
      FORMAT: "json",
    });
    stack.server.run("docker", "start", "battery-hub-cron-1");
    assert.equal(status, 1, output);
    const report = JSON.parse(output) as Report;
    assert.equal(report.exitCode, 1);
    assert.equal(report.server.containers.length, 5);
    assert.match(output, /4 of 5 healthy; cron: Exited/);
  });

  test("make status of a stack that was never up says so", { timeout: 180_000 }, async () => {
    const file = "Pulumi.e2e-none.yaml";
    stack.project.add(file, "config: {}\n");
    const { status, output } = await stack.project.run("commands/status.sh", [], {
      STACK: "e2e-none",
    });
    stack.project.remove(file);
    assert.equal(status, 3, output);
    assert.match(output, /it is not up; next: make up STACK=e2e-none/);
  });

  test("make logs names the services there are", { timeout: 180_000 }, async () => {
    const { status, output } = await stack.project.run("commands/logs.sh", [], { SERVICE: "apo" });
    assert.equal(status, 2, output);
    assert.match(output, /no service "apo"; there are: api cron frontend panel postgres/);
  });

  test("make logs shows as many lines as were asked for", { timeout: 180_000 }, async () => {
    const { status, output } = await stack.project.make("logs", { SERVICE: "api", LINES: "2" });
    assert.equal(status, 0, output);
    assert.equal(output.match(/^api-1 {2}\| /gm)?.length, 2, output);
    assert.ok(!output.includes("\u001b"), JSON.stringify(output));
  });

  test("make logs FOLLOW=1 goes on, and leaves nothing behind", { timeout: 180_000 }, async () => {
    const { output } = await stack.project.runUntil("commands/logs.sh", /api-1 +\| /, {
      FOLLOW: "1",
      SERVICE: "api",
      LINES: "1",
    });
    assert.doesNotMatch(output, /error/);
    await stack.server.eventuallyGone("compose --ansi never");
  });

  test("the log of make up is for its owner only", () => {
    const folder = join(process.env.BERTH_CACHE ?? "", "log");
    const [log = ""] = execFileSync("ls", ["-t", folder], { encoding: "utf8" })
      .split("\n")
      .filter((name) => name.startsWith(`up-${stack.name}-`));
    assert.ok(existsSync(join(folder, log)));
    assert.equal(statSync(join(folder, log)).mode & 0o777, 0o600);
  });
}
