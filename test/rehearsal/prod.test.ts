import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Rehearsal } from "./support/rehearsal";
import { RehearsedServer } from "./support/server";

const rehearsal = new Rehearsal("prod", "berth-test-prod");
const server = new RehearsedServer(rehearsal);

const answers = () => server.answers();
let deployLogins = 0;

before(() => rehearsal.clear());
after(() => rehearsal.dispose());

test("an API error in the middle ends with its cause", { timeout: 600_000 }, async () => {
  rehearsal.provoke([
    { kind: "error", type: "Volume", operation: "create" },
    { kind: "sshRefused", seconds: 60 },
  ]);
  const { status, output } = await rehearsal.rehearse("up");
  assert.notEqual(status, 0, output);
  assert.match(output, /make up failed at: server\n.*server-volume:/);
});

test(
  "the next up goes on from there, though SSH is refused for a minute",
  { timeout: 900_000 },
  async () => {
    const { status, output } = await rehearsal.rehearse("up");
    assert.equal(status, 0, output);
    assert.match(output, /✓ checks /);
    // Before somebody logs in to see the checks.
    deployLogins = (await server.look()).logins;
    const checks = await rehearsal.run("commands/checks.sh");
    for (let number = 2; number <= 13; number += 1)
      assert.match(checks.output, new RegExp(`ok +${number}/13 `));
    await answers();
  },
);

test("a first deploy logged in at most eight times", () => {
  assert.ok(deployLogins > 0 && deployLogins <= 8, `${deployLogins} logins`);
});

test("nothing changes without a change, and nobody logs in", { timeout: 300_000 }, async () => {
  const { logins } = await server.look();
  const up = await rehearsal.pulumi("up --yes --skip-preview --expect-no-changes");
  assert.equal(up.status, 0, up.output);
  const refresh = await rehearsal.pulumi("refresh --yes --expect-no-changes");
  assert.equal(refresh.status, 0, refresh.output);
  assert.equal((await server.look()).logins, logins);
});

test(
  "of two ups at once one is refused, and the next ends well",
  { timeout: 600_000 },
  async () => {
    rehearsal.configure({ secretVersions: { adminPassword: 2 } });
    const up = "up --yes --skip-preview";
    const both = await Promise.all([rehearsal.pulumi(up), rehearsal.pulumi(up)]);
    // Where each saw the other's lock, both gave up.
    const refused = both.filter(({ status }) => status !== 0);
    assert.ok(refused.length >= 1);
    for (const { output } of refused) assert.match(output, /the stack is currently locked/);
    const next = await rehearsal.rehearse("up");
    assert.equal(next.status, 0, next.output);
    const none = await rehearsal.pulumi(`${up} --expect-no-changes`);
    assert.equal(none.status, 0, none.output);
  },
);

test("another size keeps the server, and the checks run again", { timeout: 600_000 }, async () => {
  const { id, ipv4Address } = await rehearsal.outputs("server-droplet-1");
  rehearsal.configure({ size: "s-4vcpu-8gb" });
  const { status, output } = await rehearsal.rehearse("up");
  assert.equal(status, 0, output);
  assert.match(output, /✓ checks /);
  const droplet = await rehearsal.outputs("server-droplet-1");
  assert.equal(droplet.size, "s-4vcpu-8gb");
  assert.deepEqual([droplet.id, droplet.ipv4Address], [id, ipv4Address]);
  await answers();
});

test("a plain destroy refuses, and nothing that serves is gone", { timeout: 300_000 }, async () => {
  for (const preview of ["", "--skip-preview"]) {
    const { status, output } = await rehearsal.pulumi(`destroy --yes ${preview}`);
    assert.notEqual(status, 0);
    assert.match(output, /protect/);
  }
  await answers();
});

test(
  "a rebuild whose first boot fails names the cause, and the old server serves",
  { timeout: 600_000 },
  async () => {
    rehearsal.provoke([{ kind: "cloudInitFails" }]);
    rehearsal.configure({ serverGeneration: 2 });
    const { status, output } = await rehearsal.rehearse("up");
    assert.notEqual(status, 0);
    assert.match(output, /the server's first boot failed/);
    await answers();
  },
);

test(
  "a new server that shows another host key is sent nothing, and the old one serves",
  { timeout: 900_000 },
  async () => {
    rehearsal.provoke([{ kind: "otherHostKey" }]);
    rehearsal.configure({ serverGeneration: 3 });
    const { status, output } = await rehearsal.rehearse("up");
    assert.notEqual(status, 0);
    assert.match(output, /host key/);
    const { machine } = await server.find("server-droplet-3");
    assert.equal(server.loginsOf(machine), 0);
    await answers();
  },
);

test(
  "a new server that never boots is given up, and the old one serves",
  { timeout: 900_000 },
  async () => {
    rehearsal.project.edit("lib/remote-step.ts", (text) =>
      text.replace("DIAL_ERROR_LIMIT = 60", "DIAL_ERROR_LIMIT = 12"),
    );
    rehearsal.provoke([{ kind: "neverBoots" }]);
    rehearsal.configure({ serverGeneration: 4 });
    const { status, output } = await rehearsal.rehearse("up");
    assert.notEqual(status, 0);
    assert.match(output, /server-ready-4-wait/);
    await answers();
    rehearsal.project.edit("lib/remote-step.ts", (text) =>
      text.replace("DIAL_ERROR_LIMIT = 12", "DIAL_ERROR_LIMIT = 60"),
    );
  },
);

test(
  "a rebuild keeps rows, address and certificate, and orders no new one",
  { timeout: 900_000 },
  async () => {
    const address = await rehearsal.output("serverAddress");
    await server.addRow();
    const before = await server.look();
    assert.ok(before.rows > 0);
    assert.ok(before.orders > 0);
    rehearsal.provoke([]);
    rehearsal.configure({ serverGeneration: 5 });
    const { status, output } = await rehearsal.rehearse("up");
    assert.equal(status, 0, output);
    const now = await server.look(5);
    assert.notEqual(now.machine, before.machine);
    assert.equal(now.rows, before.rows);
    assert.equal(now.certificate, before.certificate);
    assert.equal(now.orders, before.orders);
    assert.equal(await rehearsal.output("serverAddress"), address);
    await answers();
    const droplets = (await rehearsal.state()).filter(({ type }) => type.endsWith(":Droplet"));
    assert.equal(droplets.length, 1);
    const up = await rehearsal.pulumi("up --yes --skip-preview --expect-no-changes");
    assert.equal(up.status, 0, up.output);
  },
);

test(
  "a server whose host key changed is sent nothing, until it is itself again",
  { timeout: 600_000 },
  async () => {
    const { machine, logins } = await server.look(5);
    server.giveOtherHostKey(machine);
    rehearsal.project.edit("lib/remote-step.ts", (text) =>
      text.replace("DIAL_ERROR_LIMIT = 60", "DIAL_ERROR_LIMIT = 2"),
    );
    rehearsal.configure({ secretVersions: { adminPassword: 3 } });
    const { status, output } = await rehearsal.rehearse("up");
    assert.notEqual(status, 0);
    assert.match(output, /host key/);
    assert.equal(server.loginsOf(machine), logins);
    server.giveHostKeyBack(machine);
    rehearsal.project.edit("lib/remote-step.ts", (text) =>
      text.replace("DIAL_ERROR_LIMIT = 2", "DIAL_ERROR_LIMIT = 60"),
    );
    const again = await rehearsal.rehearse("up");
    assert.equal(again.status, 0, again.output);
  },
);

test("destroy needs the stack's name", { timeout: 120_000 }, async () => {
  const { status, output } = await rehearsal.run("commands/destroy.sh");
  assert.notEqual(status, 0);
  assert.match(output, /CONFIRM=prod/);
});

test("destroy leaves nothing, and a second one has nothing to do", { timeout: 900_000 }, () =>
  rehearsal.destroysToNothing(),
);
