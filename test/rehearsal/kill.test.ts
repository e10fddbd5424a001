import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Rehearsal } from "./support/rehearsal";
import { upUntilKilled } from "./support/kill-sweep";
import { RehearsedServer } from "./support/server";

// `make sweep` sets 1 and both stacks; the time of `make test` allows for less.
const EVERY = Number(process.env.BERTH_KILL_EVERY ?? "5");
const STACK = process.env.BERTH_KILL_STACK ?? "prod";
const MOST_ROUNDS = 120;

const rehearsal = new Rehearsal(STACK, `berth-kill-${STACK}`);

before(async () => {
  await rehearsal.clear();
  const prepared = await rehearsal.rehearse("prepare");
  assert.equal(prepared.status, 0, prepared.output);
});
after(() => rehearsal.dispose());

test(
  `up converges though it is killed after every ${EVERY} resources, by one command in between`,
  { timeout: 2_400_000 },
  async (context) => {
    let kills = 0;
    const seen = new Set<string>();
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const { made, killed, status, output } = await upUntilKilled(rehearsal, EVERY, seen);
      if (!killed) {
        assert.equal(status, 0, output);
        break;
      }
      kills += 1;
      context.diagnostic(`killed after ${made.join(", ")}`);
      const recovered = await rehearsal.run("commands/recover.sh");
      assert.equal(recovered.status, 0, recovered.output);
    }
    assert.ok(kills >= 3, `${kills} kills`);
    const up = await rehearsal.pulumi("up --yes --skip-preview --expect-no-changes");
    assert.equal(up.status, 0, up.output);
    await new RehearsedServer(rehearsal).answers();
  },
);

test("nothing was made twice", { timeout: 300_000 }, async () => {
  const servers = (await rehearsal.state()).filter(({ type }) =>
    /:(Droplet|Instance)$/.test(type.replace("rds", "")),
  );
  assert.ok(servers.length >= 1);
  const { status, output } = await rehearsal.run(`CONFIRM=${STACK} commands/destroy.sh`);
  assert.equal(status, 0, output);
  // A reserved address has no name to be found by: one that a killed up made stays, and recover says so.
  assert.deepEqual(
    rehearsal.machines().filter((name) => !/-(acme|dns|address-\d+)$/.test(name)),
    [],
  );
});
