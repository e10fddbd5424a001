import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Rehearsal } from "./support/rehearsal";
import { RehearsedServer, queryInContainer } from "./support/server";

const rehearsal = new Rehearsal("staging", "berth-test-staging");
const database = () =>
  rehearsal.machines().find((name) => /-db-/.test(name)) ?? "no database container";
const server = new RehearsedServer(rehearsal, (_, sql) =>
  queryInContainer(database(), "rdsadmin", sql),
);

before(() => rehearsal.clear());
after(() => rehearsal.dispose());

test("from nothing to the thirteen checks", { timeout: 900_000 }, async () => {
  const { status, output } = await rehearsal.rehearse("up");
  assert.equal(status, 0, output);
  assert.match(output, /✓ checks /);
  await server.answers();
  const { logins } = await server.look();
  assert.ok(logins <= 8, `${logins} logins`);
  const checks = await rehearsal.run("commands/checks.sh");
  for (let number = 2; number <= 13; number += 1)
    assert.match(checks.output, new RegExp(`ok +${number}/13 `));
});

test("nothing changes without a change, and nobody logs in", { timeout: 300_000 }, async () => {
  const { logins } = await server.look();
  const up = await rehearsal.pulumi("up --yes --skip-preview --expect-no-changes");
  assert.equal(up.status, 0, up.output);
  // The address that the instance was started with is gone by now; that is no change.
  const refresh = await rehearsal.pulumi("refresh --yes --skip-preview");
  assert.equal(refresh.status, 0, refresh.output);
  const again = await rehearsal.pulumi("up --yes --skip-preview --expect-no-changes");
  assert.equal(again.status, 0, again.output);
  assert.equal((await server.look()).logins, logins);
});

test("the server has no database of its own", async () => {
  const { machine } = await server.look();
  const names = rehearsal.onMachine(machine, "docker", "ps", "--format", "{{.Names}}");
  assert.ok(!names.includes("postgres"), names);
});

test("another size keeps the server", { timeout: 600_000 }, async () => {
  const { id } = await rehearsal.outputs("server-instance-1");
  rehearsal.configure({ size: "t3.large" });
  const { status, output } = await rehearsal.rehearse("up");
  assert.equal(status, 0, output);
  const instance = await rehearsal.outputs("server-instance-1");
  assert.deepEqual([instance.id, instance.instanceType], [id, "t3.large"]);
  await server.answers();
});

test(
  "a rebuild keeps rows, address and certificate, and orders no new one",
  { timeout: 900_000 },
  async () => {
    const address = await rehearsal.output("serverAddress");
    await server.addRow();
    const before = await server.look();
    rehearsal.configure({ serverGeneration: 2 });
    const { status, output } = await rehearsal.rehearse("up");
    assert.equal(status, 0, output);
    const now = await server.look(2);
    assert.notEqual(now.machine, before.machine);
    assert.ok(before.rows > 0);
    assert.equal(now.rows, before.rows);
    assert.equal(now.certificate, before.certificate);
    assert.equal(now.orders, before.orders);
    assert.equal(await rehearsal.output("serverAddress"), address);
    await server.answers();
  },
);

test("a plain destroy refuses, and nothing that serves is gone", { timeout: 300_000 }, async () => {
  const { status, output } = await rehearsal.pulumi("destroy --yes --skip-preview");
  assert.notEqual(status, 0);
  assert.match(output, /protect/);
  await server.answers();
});

test("destroy leaves nothing, and a second one has nothing to do", { timeout: 900_000 }, () =>
  rehearsal.destroysToNothing(),
);
