import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../e2e/support/server";
import { output } from "../support/script";

const NAME = `berth-test-health-${process.pid}`;

/** Runs lines of bash that call the functions of health.sh. */
const call = (lines: string, ...words: readonly string[]): Promise<string> =>
  output("bash", [
    ...["-euo", "pipefail", "-c"],
    `source host/release/health.sh\n${lines}`,
    ...["bash", ...words],
  ]);

const said = (container: string): Promise<string> => call('last_health_check "$1"', container);

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

test("a page names its release, another's, or says nothing of it", async () => {
  const taken = (page: string): Promise<string> =>
    call('names_release "$1" 0123456789ab && echo yes || echo no', page);
  for (const page of ["", "fine", "[]", "{}", '{"version": "1.2.3"}', '{"version": 12}']) {
    assert.equal(await taken(page), "yes", page);
  }
  assert.equal(await taken('{"version": "0123456789ab"}'), "yes");
  assert.equal(await taken('{"version": "ba9876543210"}'), "no");
});

test("a service that does not answer is told with the end of its log", async () => {
  // The pause between two questions takes the whole time at once.
  const failure = await call(`
    APP=shop
    sleep() { SECONDS=$((SECONDS + 60)); }
    curl() { return 7; }
    compose_release() { printf 'of %s: %s\n' "$1 $2" "\${*: -1} lost its key"; }
    await_health "web 1 /health" 0123456789ab && exit 1
    printf '%s' "$HEALTH_FAILURE"`);
  assert.equal(
    failure,
    "service web answered 000 on /health where 200 of release 0123456789ab was awaited: \n" +
      "its last lines:\nof shop 0123456789ab: web lost its key",
  );
});
