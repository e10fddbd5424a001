import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../e2e/support/server";
import { output } from "../support/script";

const NAME = `berth-test-health-${process.pid}`;

const said = (container: string): Promise<string> =>
  output("bash", [
    ...["-euo", "pipefail", "-c"],
    `source host/release/health.sh && last_health_check "$1"`,
    ...["bash", container],
  ]);

async function run(...options: readonly string[]): Promise<void> {
  await output("docker", ["rm", "--force", NAME]);
  const image = ["debian:trixie-slim", "sleep", "300"];
  const always = ["--detach", "--name", NAME, "--label", "berth.stack=test-health"];
  await output("docker", ["run", ...always, "--network", "none", ...options, ...image]);
}

before(() => output("images/base.sh", []), { timeout: 600_000 });
after(() => output("docker", ["rm", "--force", NAME]));

test("what a failing health check printed is told, which is in no log", async () => {
  await run("--health-interval", "1s", "--health-cmd", "echo / answers without a title; exit 3");
  await eventually("the check has run", 120, async () => (await said(NAME)) !== "");
  assert.equal(await said(NAME), "its health check ended with 3: / answers without a title");
});

test("of a check that passes, and of a service without one, nothing is told", async () => {
  await run("--health-interval", "1s", "--health-cmd", "echo fine");
  await eventually(
    "it is healthy",
    120,
    async () =>
      (await output("docker", ["inspect", "--format", "{{.State.Health.Status}}", NAME])) ===
      "healthy",
  );
  assert.equal(await said(NAME), "");
  await run();
  assert.equal(await said(NAME), "");
  assert.equal(await said("berth-test-nobody"), "");
});
