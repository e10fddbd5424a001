import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { contract } from "./fixture";

const COMMAND = "command:remote:Command";
/** The SDKs pick their plugin by version; a bare resource has to say it. */
const options = { version: "1.2.1" };

contract("wrong arguments are refused by name before anything runs", async (f) => {
  const { stack, sshd } = f;
  const connection = sshd.connection();
  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ["unknown", { connection, create: "true", upgrade: "x" }, /upgrade/],
    ["nested", { connection: { ...connection, hostkey: "x" }, create: "true" }, /hostkey/],
    ["missing", { create: "true" }, /connection/],
    ["no-host", { connection: { user: "root" }, create: "true" }, /host/],
    ["mistyped", { connection, create: ["true"] }, /create/],
    ["fraction", { connection: { ...connection, dialErrorLimit: 1.5 } }, /dialErrorLimit/],
    ["word", { connection, create: "true", logging: "all" }, /logging/i],
    ["map", { connection, create: "true", environment: { LC_A: { b: "c" } } }, /environment/],
  ];
  // One by one, as the engine ends the program at the first refusal.
  for (const [name, args, naming] of wrong) {
    const up = await stack.up([{ type: COMMAND, name, args, options }]);
    assert.match(up.errorsOf(name), naming, name);
  }
  assert.equal(sshd.connections(), 0);
  assert.equal((await stack.state()).filter(({ type }) => type === COMMAND).length, 0);
});

contract(
  "environment goes by setenv: a variable the server refuses stops the command",
  async (f) => {
    const { stack, command, path, lines } = f;
    const create = (name: string) => `echo $${name} >> ${path(name)}`;
    const up = await stack.up(
      [
        command("accepted", {
          create: create("LC_BERTH"),
          environment: { LC_BERTH: "yes it came" },
        }),
        command("refused", { create: create("BERTH"), environment: { LC_A: "a", BERTH: "b" } }),
      ],
      "--continue-on-error",
    );
    assert.deepEqual(lines("LC_BERTH"), ["yes it came"]);
    assert.deepEqual(lines("BERTH"), [], "the command was not run");
    assert.match(up.errors, /BERTH/);
    assert.equal(await stack.recorded("refused"), undefined);
  },
);

contract(
  "the last output reaches update and delete as variables, unless switched off",
  async (f) => {
    const { stack, command, path, lines } = f;
    const say = `echo "$PULUMI_COMMAND_STDOUT/$PULUMI_COMMAND_STDERR" >> ${path("log")}`;
    const args = { create: "echo one; echo two >&2", update: `${say}; echo three`, delete: say };
    await stack.up([command("web", args)]);
    await stack.up([command("web", { ...args, logging: "none" })]);
    const off = { ...args, addPreviousOutputInEnv: false };
    await stack.up([command("web", off)]);
    await stack.up([command("web", args)]);
    await stack.up([]);
    assert.deepEqual(lines("log"), ["one/two", "/", "three/", "three/"]);
  },
  { config: "AcceptEnv PULUMI_COMMAND_*" },
);

contract("a server that refuses the last output's variables still runs the command", async (f) => {
  const { stack, command } = f;
  await stack.up([command("web", { create: "echo one" })]);
  const up = await stack.up([command("web", { create: "echo two" })]);
  assert.equal(up.ok, true, up.printed);
  assert.match(up.printed, /warning: .*PULUMI_COMMAND_STDOUT/);
  assert.equal((await stack.recorded("web"))?.outputs["stdout"], "two");
});

contract("a secret on stdin stays out of output, logs and plain state", async (f) => {
  const { stack, sshd, command } = f;
  const secret = "Sentinel4711PasswordOnStdin";
  const step = (create: string) =>
    command(
      "web",
      { create, stdin: { $secret: secret }, logging: "none", addPreviousOutputInEnv: false },
      { additionalSecretOutputs: ["stdout", "stderr"] },
    );
  const runs = [
    await stack.up([step("cat; cat /dev/null >&2")]),
    await stack.up([step("read -r line; test -n $line")]),
    await stack.preview([step("true")], "--diff"),
  ];
  for (const run of runs) {
    assert.equal(run.ok, true, run.printed);
    assert.ok(!run.printed.includes(secret));
  }
  assert.ok(!JSON.stringify(await stack.state()).includes(secret));
  assert.ok(JSON.stringify(await stack.state("--show-secrets")).includes(secret));
  assert.ok(!sshd.log().includes(secret));
});

contract("a connection is secret by itself", async (f) => {
  const { stack, sshd, path } = f;
  const privateKey = readFileSync(path("sshd/client_key"), "utf8");
  const connection = { ...sshd.connection(), privateKey };
  const args = { connection, create: "true" };
  // Bare, as the SDK would mark it by itself.
  const up = await stack.up([{ type: COMMAND, name: "web", args, options }]);
  assert.equal(up.ok, true, up.printed);
  assert.doesNotMatch(JSON.stringify(await stack.recorded("web")), /PRIVATE KEY/);
});
