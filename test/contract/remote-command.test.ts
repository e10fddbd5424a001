import assert from "node:assert/strict";
import { contract } from "./fixture";

contract("create, no-op, change, delete: each runs what is written down", async (f) => {
  const { stack, sshd, command, path, lines } = f;
  const log = path("log");
  const args = { create: `echo create >> ${log}`, delete: `echo delete >> ${log}` };

  const first = await stack.up([command("web", args)]);
  assert.equal(first.ok, true, first.printed);
  assert.deepEqual(first.steps, ["create web"]);

  const before = sshd.connections();
  const second = await stack.up([command("web", args)], "--expect-no-changes");
  assert.equal(second.ok, true, second.printed);
  assert.equal(sshd.connections(), before, "a no-op opens no connection");

  const changed = { ...args, create: `echo create again >> ${log}` };
  assert.deepEqual((await stack.up([command("web", changed)])).steps, ["update web"]);
  const withUpdate = { ...changed, update: `echo update >> ${log}` };
  await stack.up([command("web", withUpdate)]);
  const connection = { ...sshd.connection(), dialErrorLimit: 3 };
  await stack.up([command("web", { ...withUpdate, connection })]);
  const silent = { ...withUpdate, connection, logging: "none" };
  assert.deepEqual((await stack.up([command("web", silent)])).steps, ["update web"]);
  await stack.up([]);
  assert.deepEqual(lines("log"), [
    "create",
    "create again",
    "update",
    "update",
    "update",
    "delete",
  ]);
});

contract("a failed create records nothing, a failed update keeps what was", async (f) => {
  const { stack, command, path, lines } = f;
  const failing = { create: `echo tried >> ${path("log")}; echo why >&2; exit 3` };
  const failed = await stack.up([command("web", failing)]);
  assert.equal(failed.ok, false);
  assert.match(failed.errors, /status 3/);
  assert.match(failed.errors, /why/);
  assert.equal(await stack.recorded("web"), undefined);

  const again = await stack.up([command("web", failing)]);
  assert.deepEqual(again.steps, ["create web"]);
  assert.deepEqual(lines("log"), ["tried", "tried"]);

  await stack.up([command("web", { create: "echo fine" })]);
  const broken = { create: "echo broken; exit 4", logging: "none" };
  assert.equal((await stack.up([command("web", broken)])).ok, false);
  const kept = await stack.recorded("web");
  assert.equal(kept?.outputs["stdout"], "fine");
  assert.equal(kept.inputs["create"], "echo fine");
  const retried = await stack.up([command("web", broken)]);
  assert.deepEqual(retried.steps, ["update web"]);
});

contract("a changed trigger replaces: the new create first, then the old delete", async (f) => {
  const { stack, command, path, lines } = f;
  const log = path("log");
  const version = (v: number) => ({
    create: `echo create ${v} >> ${log}`,
    update: `echo update ${v} >> ${log}`,
    delete: `echo delete ${v} >> ${log}`,
    addPreviousOutputInEnv: false,
    triggers: ["app", v],
  });
  await stack.up([command("web", version(1))]);
  const replaced = await stack.up([command("web", version(2))]);
  assert.equal(replaced.ok, true, replaced.printed);
  assert.ok(replaced.steps.includes("create-replacement web"), replaced.steps.join());
  assert.deepEqual(lines("log"), ["create 1", "create 2", "delete 1"]);
});

contract("deletedWith skips the delete when its owner goes", async (f) => {
  const { stack, command, path, lines } = f;
  const log = path("log");
  const server = command("server", { create: "true", delete: `echo server >> ${log}` });
  const step = command(
    "step",
    { create: "true", delete: `echo step >> ${log}` },
    { deletedWith: "server" },
  );
  await stack.up([server, step]);
  assert.equal((await stack.up([])).ok, true);
  assert.deepEqual(lines("log"), ["server"]);
});

contract(
  "refresh and preview run nothing, and a preview knows no output of a change",
  async (f) => {
    const { stack, sshd, command } = f;
    const using = (create: string) => [
      command("first", { create, addPreviousOutputInEnv: false }),
      command("second", {
        create: "cat",
        stdin: { $output: "first.stdout" },
        addPreviousOutputInEnv: false,
      }),
    ];
    await stack.up(using("echo same"));
    const before = sshd.connections();
    assert.equal((await stack.refresh()).ok, true);
    const preview = await stack.preview(using("echo same #"));
    assert.deepEqual(preview.steps, ["update first", "update second"]);
    assert.equal(sshd.connections(), before);

    const applied = await stack.up(using("echo same #"));
    assert.deepEqual(applied.steps, ["update first"], "the output turned out to be the same");
  },
);

contract("outputs are whole, without their last newline, and input arrives whole", async (f) => {
  const { stack, command } = f;
  const long = "x".repeat(1024).concat("\n").repeat(1500);
  const up = await stack.up([
    command("lines", { create: "printf 'a\\n\\n'; printf 'b' >&2" }),
    command("long", { create: "cat", stdin: long, logging: "none" }),
    command("nothing", { create: "wc -c" }),
    command("unread", { create: "true", stdin: long }),
    command("utf8", { create: "printf 'grün ✓'" }),
  ]);
  assert.equal(up.ok, true, up.printed);
  assert.equal((await stack.recorded("lines"))?.outputs["stdout"], "a\n");
  assert.equal((await stack.recorded("lines"))?.outputs["stderr"], "b");
  assert.equal((await stack.recorded("long"))?.outputs["stdout"], long.slice(0, -1));
  assert.equal((await stack.recorded("nothing"))?.outputs["stdout"], "0");
  assert.equal((await stack.recorded("utf8"))?.outputs["stdout"], "grün ✓");
});

contract("logging shows the streams asked for and records both", async (f) => {
  const { stack, command } = f;
  const create = "echo to-out; echo to-err >&2";
  const modes = ["stdout", "stderr", "stdoutAndStderr", "none"];
  const up = await stack.up([
    command("default", { create }),
    ...modes.map((logging) => command(logging, { create, logging })),
  ]);
  assert.deepEqual(up.status("default").sort(), ["to-err", "to-out"]);
  assert.deepEqual(up.status("stdoutAndStderr").sort(), ["to-err", "to-out"]);
  assert.deepEqual(up.status("stdout"), ["to-out"]);
  assert.deepEqual(up.status("stderr"), ["to-err"]);
  assert.deepEqual(up.status("none"), []);
  const silent = await stack.recorded("none");
  assert.equal(silent?.outputs["stdout"], "to-out");
  assert.equal(silent.outputs["stderr"], "to-err");
});
