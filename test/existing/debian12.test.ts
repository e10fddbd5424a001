import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ExistingMachine } from "./support/existing-machine";
import { ExistingStack } from "./support/existing-stack";

const NAME = "ext-debian12";
const machine = new ExistingMachine(NAME, "bookworm");
let stack: ExistingStack;

before(
  async () => {
    await machine.create();
    stack = new ExistingStack(machine, NAME);
    await stack.configure();
  },
  { timeout: 1_800_000 },
);

after(async () => {
  await machine.dispose();
  stack.dispose();
});

test(
  "layers that its Docker can't read are refused before anything is sent",
  { timeout: 600_000 },
  async () => {
    await stack.configure({ imageCompression: "zstd" });
    const { status, output } = await stack.up();
    assert.notEqual(status, 0);
    assert.match(output, /Docker 20\.10\.\S+ on \S+ can't read battery-hub\/api@sha256:/);
    assert.match(output, /imageCompression: gzip/);
    assert.equal(await machine.run("ls", "-A", "/srv/berth/registry"), "");
    await stack.configure();
  },
);

test(
  "a bare Debian 12 comes to the thirteen checks, Docker Compose brought along",
  { timeout: 900_000 },
  async () => {
    const { status, output } = await stack.up();
    assert.equal(status, 0, output);
    assert.match(await machine.run("docker", "compose", "version"), /v2\./);
    const checks = await stack.checks();
    assert.equal(checks.status, 0, checks.output);
    assert.match(checks.output, /ok +all containers are running and healthy/);
    for (let number = 2; number <= 13; number += 1)
      assert.match(checks.output, new RegExp(`ok +${String(number)}/13 `));
  },
);

test("HTTP/2 is spoken, and a name that no application has is refused", async () => {
  const trust = ["--cacert", "/srv/berth/tls/battery-hub/ca.pem"];
  const spoken = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_version} %{http_code}"];
  assert.equal(await machine.run(...spoken, ...trust, "https://hub.example.org/"), "2 200");
  const unknown = ["--resolve", "other.example.org:443:127.0.0.1", "https://other.example.org/"];
  const refused = await machine.attempt("curl", "-sSk", ...unknown);
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /unrecognized name/);
});

test("root no longer logs in, and its first login is not needed again", async () => {
  assert.match(await machine.run("sshd", "-T"), /^permitrootlogin no$/m);
});

test("a second up changes nothing and logs in nowhere", { timeout: 300_000 }, async () => {
  const before = await machine.logins();
  const { status, output } = await stack.project.pulumi(
    ...["up", "--yes", "--skip-preview", "--expect-no-changes"],
  );
  assert.equal(status, 0, output);
  assert.equal(await machine.logins(), before);
});
