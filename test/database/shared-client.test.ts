import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { DataStack, encodeInputs, ROLES } from "./data-stack";
import { begin, output, type Running, until } from "./shell";

let stack: DataStack;

before(async () => (stack = await DataStack.started("client")));
after(() => stack.remove());

function start(hold: number): Running {
  const checks = [{ name: "one", query: "SELECT 1", equals: 1 }];
  return begin(resolve(__dirname, "shared-client.sh"), [resolve(__dirname, "../../host")], {
    input: encodeInputs({
      ...stack.connection(),
      ROLES: JSON.stringify(ROLES),
      CHECKS: JSON.stringify(checks),
      HOLD: String(hold),
    }),
    env: { BERTH_ROOT: stack.root },
  });
}

const clients = async (): Promise<number> => {
  const filters = ["--filter", `label=berth.app=${stack.app}`, "--filter", "label=berth.client-of"];
  return (await output("docker", ["ps", "--all", "--quiet", ...filters]))
    .split(/\s/)
    .filter(Boolean).length;
};

test("the scripts of one step share one client, and leave nothing", async () => {
  const { status, stdout, stderr } = await start(0).ended;
  assert.equal(status, 0, stderr);
  const [first, ...rest] = stdout.trim().split("\n");
  assert.equal(first, "clients: 1");
  // While the lock is held: the client, and the session of the lock.
  const ids = rest.filter((line) => /^[0-9a-f]{12}$/.test(line));
  assert.equal(ids.length, 2, stdout);
  assert.deepEqual(rest.slice(-4), [
    "roles: nothing to change",
    "ok    one",
    "clients: 0",
    "no folder",
  ]);
});

test("the client of a script that was killed is removed by the next", async () => {
  const killed = start(60);
  await until("its client runs", async () => (await clients()) === 1);
  process.kill(killed.pid, "SIGKILL");
  await until("it is gone", () => !existsSync(`/proc/${killed.pid}`));
  const { status, stdout, stderr } = await start(0).ended;
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^clients: 1\n/);
  assert.equal(await clients(), 0);
});
