import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { onMachine, until, type Machine } from "./machine";

function unfinished(machine: Machine): string[] {
  return machine.list("tools").filter((name) => name.startsWith(".unfinished"));
}

/** One that has ended may wait for its parent to take note. */
function isRunning(process: string): boolean {
  const status = `/proc/${process}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, "utf8"));
}

for (const signal of ["SIGTERM", "SIGINT", "SIGKILL"] as const) {
  onMachine(
    `a build ended by ${signal} does not count, and the next set-up makes it`,
    async (machine) => {
      machine.withShim("go").with({ SHIM_GO: "hang" });
      const run = machine.startSetUp("compose");
      // A line of progress comes after 5 s; one of the three waits for it.
      if (signal === "SIGTERM") await run.printed("still building from Go modules… ");
      await until(() => existsSync(`${machine.buildLog}.pid`), "the build begins");
      const builder = readFileSync(`${machine.buildLog}.pid`, "utf8").trim();
      // 0 would be this test's own process group.
      assert.match(builder, /^[1-9]\d*$/);
      run.process.kill(signal);
      if (signal === "SIGKILL") process.kill(Number(builder), "SIGKILL");
      const { code } = await run.finished;
      assert.notEqual(code, 0);
      await until(() => !isRunning(builder), "the build ends");
      assert.ok(!machine.offers("docker-compose"));
      assert.equal(unfinished(machine).length, 1);

      const again = await machine.with({ SHIM_GO: undefined }).setUp("compose");
      assert.equal(again.code, 0, again.stderr);
      assert.ok(machine.offers("docker-compose"));
      assert.deepEqual(machine.list("tools"), ["compose-2.40.3"]);
      assert.deepEqual(machine.builds(), ["docker-compose", "docker-compose"]);
    },
  );
}

onMachine(
  "a build that fails after writing its output does not count, and says why",
  async (machine) => {
    machine.withShim("go").with({ SHIM_GO: "fail" });
    const run = await machine.setUp("compose");
    assert.equal(run.code, 1);
    assert.match(run.stderr, /✗ Docker Compose 2\.40\.3 \(building from Go modules\)/);
    assert.match(run.stderr, /undefined: example/);
    assert.match(run.stderr, /the whole log: .*setup-compose\.log/);
    assert.match(run.stderr, /Not set up: Docker Compose 2\.40\.3\./);
    assert.ok(!machine.offers("docker-compose"));

    const again = await machine.with({ SHIM_GO: undefined }).setUp("compose");
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(machine.builds(), ["docker-compose", "docker-compose"]);
  },
);

onMachine("two set-ups at once build each tool once", async (machine) => {
  machine.withShim("go");
  const runs = await Promise.all([1, 2, 3].map(() => machine.setUp("compose", "buildx")));
  for (const run of runs) assert.equal(run.code, 0, run.stderr);
  assert.deepEqual(machine.builds(), ["docker-compose", "docker-buildx"]);
});

onMachine("builds verify go.sum and leave no downloads in the cache", async (machine) => {
  machine.withShim("go").with({ GOFLAGS: "-mod=mod" });
  const run = await machine.setUp("compose");
  assert.equal(run.code, 0, run.stderr);
  assert.match(readFileSync(machine.buildLog, "utf8"), /-mod=readonly/);
  assert.ok(!machine.list("").includes("build"));
});
