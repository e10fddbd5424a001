import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { ended, output, projectRoot, type Ended } from "../support/script";

const ADDRESS = "203.0.113.7";
const CONTAINER = `berth-test-names-${process.pid}`;

// The names are those of the container's hosts file, which its resolver reads at each question.
describe("waiting for the public names", { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "berth-test-names-"));

  before(async () => {
    cpSync(join(projectRoot, "host"), folder, { recursive: true });
    const image = await output("machine/build.sh", ["machine"]);
    await output("docker", [
      ...["run", "--detach", "--rm", "--name", CONTAINER, "--label", `berth.stack=${CONTAINER}`],
      ...["--volume", `${folder}:/opt/berth/host:ro`, "--entrypoint", "sleep", image, "infinity"],
    ]);
  });
  after(async () => {
    await output("docker", ["rm", "--force", CONTAINER]);
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => hosts(""));

  const inContainer = (line: string) => ended("docker", ["exec", CONTAINER, "bash", "-c", line]);
  const hosts = (lines: string) => inContainer(`printf '${lines}' >/etc/hosts`);

  const waiting = (seconds: number, domains = "app.test www.app.test"): Promise<Ended> =>
    inContainer(
      `set -euo pipefail; cd /opt/berth/host; source lib/log.sh; source certificate/names.sh
       await_names "${domains}" ${ADDRESS} ${seconds} || { printf '%s\\n' "$WRONG_RECORDS"; exit 1; }`,
    );

  test("goes on at once when all lead here", async () => {
    await hosts(`${ADDRESS} app.test\\n${ADDRESS} www.app.test\\n`);
    assert.deepEqual(await waiting(0), { code: 0, stdout: "", stderr: "" });
  });

  test("says what is missing, and goes on as soon as it is there", async () => {
    const wait = waiting(600);
    await until(async () => (await inContainer("pgrep -x sleep -c")).stdout.trim() > "1");
    await hosts(`${ADDRESS} app.test\\n`);
    await hosts(`${ADDRESS} app.test\\n${ADDRESS} www.app.test\\n`);
    const { code, stderr } = await wait;
    assert.equal(code, 0);
    assert.match(
      stderr,
      /^notice: waiting up to \d+ s for DNS records \(name, type, value\):\n {2}app.test {2}A {2}203.0.113.7\n {2}www.app.test {2}A {2}203.0.113.7\n/,
    );
  });

  test("names a record that leads elsewhere, and the one to make instead", async () => {
    await hosts(`198.51.100.1 app.test\\n${ADDRESS} www.app.test\\n`);
    const { code, stdout } = await waiting(1);
    assert.equal(code, 1);
    assert.equal(
      stdout,
      `  app.test  A  ${ADDRESS}\n  app.test  A  remove it: it leads to 198.51.100.1\n`,
    );
  });

  test("refuses a second address and an IPv6 address that lead elsewhere", async () => {
    await hosts(`${ADDRESS} app.test\\n198.51.100.1 app.test\\n`);
    assert.equal(
      (await waiting(0, "app.test")).stdout,
      "  app.test  A  remove it: it leads to 198.51.100.1\n",
    );
    await hosts(`${ADDRESS} app.test\\n2001:db8::1 app.test\\n`);
    assert.equal(
      (await waiting(0, "app.test")).stdout,
      "  app.test  AAAA  remove it: it leads to 2001:db8::1\n",
    );
  });

  test("accepts an IPv6 address of the server's own", async () => {
    await hosts(`${ADDRESS} app.test\\n2001:db8::12 app.test\\n`);
    assert.equal((await waiting(0, "app.test")).code, 1);
    const { code, stdout } = await inContainer(
      `cd /opt/berth/host; source certificate/names.sh
       ip() { echo '1: eth0 inet6 2001:db8::12/64 scope global'; }
       wrong_records app.test ${ADDRESS}`,
    );
    assert.deepEqual({ code, stdout }, { code: 0, stdout: "" });
  });

  test("gives up after its time when a name never comes", async () => {
    const { code, stdout } = await waiting(1, "never.test");
    assert.deepEqual({ code, stdout }, { code: 1, stdout: `  never.test  A  ${ADDRESS}\n` });
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 180_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("not seen within 180 s");
  }
}
