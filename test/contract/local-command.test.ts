import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { contract } from "./fixture";

const local = (name: string, args: Record<string, unknown>) => ({
  type: "local.Command",
  name,
  args,
});

contract(
  "create, change, trigger and delete run on this machine",
  async ({ stack, path, lines }) => {
    const log = path("log");
    const args = (v: number) => ({
      create: `echo create ${v} >> ${log}; echo made ${v}`,
      update: `echo update after $PULUMI_COMMAND_STDOUT >> ${log}`,
      delete: `echo delete ${v} >> ${log}`,
    });
    await stack.up([local("step", args(1))]);
    const same = await stack.up([local("step", args(1))], "--expect-no-changes");
    assert.equal(same.ok, true, same.printed);
    await stack.up([local("step", args(2))]);
    const replaced = await stack.up([local("step", { ...args(3), triggers: ["x"] })]);
    assert.ok(replaced.steps.includes("create-replacement step"), replaced.steps.join());
    await stack.up([]);
    assert.deepEqual(lines("log"), [
      "create 1",
      "update after made 1",
      "create 3",
      "delete 2",
      "delete 3",
    ]);
  },
  { isStarted: false },
);

contract(
  "folder, variables, interpreter and input are used; files come back; a failure records nothing",
  async ({ stack, path }) => {
    const dir = path("work");
    mkdirSync(`${dir}/sub`, { recursive: true });
    const up = await stack.up(
      [
        local("dir", { create: "pwd", dir }),
        local("variables", { create: "echo $GREETING $HOME", environment: { GREETING: "hello" } }),
        local("interpreter", {
          create: "process.stdout.write(typeof fetch)",
          interpreter: ["node", "-e"],
        }),
        local("input", { create: "cat", stdin: "typed" }),
        local("files", {
          create: "echo a > a.txt; echo b > sub/b.txt; echo c > sub/c.log",
          dir,
          assetPaths: ["**.txt", "!a.txt"],
          archivePaths: ["sub/*"],
        }),
        local("failing", { create: "echo sorry >&2; exit 9" }),
      ],
      "--continue-on-error",
    );
    const output = async (name: string) => (await stack.recorded(name))?.outputs;
    assert.equal((await output("dir"))?.["stdout"], dir);
    assert.equal((await output("variables"))?.["stdout"], `hello ${process.env["HOME"]}`);
    assert.equal((await output("interpreter"))?.["stdout"], "function");
    assert.equal((await output("input"))?.["stdout"], "typed");
    const files = await output("files");
    assert.deepEqual(Object.keys(files?.["assets"] as object), ["sub/b.txt"]);
    const { assets } = files?.["archive"] as { assets: object };
    assert.deepEqual(Object.keys(assets), ["sub/b.txt", "sub/c.log"]);
    assert.match(up.errors, /status 9/);
    assert.match(up.errors, /sorry/);
    assert.equal(await output("failing"), undefined);
  },
  { isStarted: false },
);
