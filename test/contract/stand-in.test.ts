import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before } from "node:test";
import { contract, contractWithoutServer } from "./fixture";

// What holds for the stand-ins beyond the official plugins: these are built and put first on PATH.
const plugins = mkdtempSync(join(tmpdir(), "stand-ins-"));
before(() => {
  const build = resolve(__dirname, "../../toolchain/plugins/build.sh");
  execFileSync(build, [plugins], { stdio: ["ignore", "inherit", "ignore"] });
  process.env["PATH"] = `${plugins}:${process.env["PATH"] ?? ""}`;
});
after(() => rmSync(plugins, { recursive: true, force: true }));

const SENTINEL = "Sentinel0815GeneratedPassword";
const PASSWORD = { type: "RandomPassword", name: "password", args: { length: 20 } };

contract("secrets are taken out of logs and errors, names stay readable", async (f) => {
  const { stack, sshd, command } = f;
  const input = [
    `NAME=${Buffer.from("battery-hub").toString("base64")}`,
    `PASSWORD=${Buffer.from(SENTINEL).toString("base64")}`,
  ].join("\n");
  const up = await stack.up(
    [
      command("logs", {
        create: "cat; echo battery-hub at 127.0.0.1",
        stdin: { $secret: `${SENTINEL}\n` },
      }),
      command("leaks", {
        create: 'while read -r line; do echo "${line#*=}" | base64 -d >&2; done; exit 3',
        stdin: { $secret: `${input}\n` },
      }),
      command("echoes", { create: "cat >&2; false", stdin: { $secret: "short-secret" } }),
      {
        type: "local.Command",
        name: "local",
        args: { create: "cat; false", stdin: { $secret: SENTINEL } },
      },
    ],
    "--continue-on-error",
  );
  assert.doesNotMatch(up.printed, new RegExp(SENTINEL));
  assert.doesNotMatch(up.printed, /short-secret|PRIVATE KEY/);
  assert.deepEqual(up.status("logs"), ["[secret]", "battery-hub at 127.0.0.1"]);
  assert.match(up.errors, /battery-hub\[secret\]/);
  assert.match(up.errors, new RegExp(`exit status 3: .*@127.0.0.1:${sshd.port}`));
});

contract("a refused argument does not show the values beside it", async (f) => {
  const { stack, sshd } = f;
  const type = "command:remote:Command";
  const connections = [
    { ...sshd.connection(), hostkey: "x" },
    { ...sshd.connection(), privateKey: { $secret: [SENTINEL] } },
  ];
  for (const connection of connections) {
    const up = await stack.up([{ type, name: "web", args: { connection, create: "true" } }]);
    assert.equal(up.ok, false);
    assert.doesNotMatch(up.printed, new RegExp(`PRIVATE KEY|${SENTINEL}`));
  }
  const both = await stack.up([
    { type, name: "web", args: { connection: { hots: "h" }, crate: "true", logging: "loud" } },
  ]);
  for (const naming of [
    /unknown argument "crate"; allowed are addPreviousOutputInEnv, connection, create, /,
    /unknown argument "hots" in "connection"; allowed are agentSocketPath, /,
    /missing argument "connection.host": a string is required/,
    /argument "logging" must be a word of stdout, stderr, stdoutAndStderr, none, got another string/,
  ]) {
    assert.match(both.printed, naming);
  }
});

contractWithoutServer("a stack written by the official plugin is refused", async (stack) => {
  assert.equal((await stack.up([PASSWORD])).ok, true);
  const [provider] = (await stack.state()).filter(({ type }) => type === "pulumi:providers:random");
  assert.equal(provider?.inputs["berthStandIn"], "true");

  await stack.editState((text) => text.replaceAll(/"berthStandIn": "true",?/g, ""));
  for (const run of [
    await stack.up([PASSWORD]),
    await stack.preview([PASSWORD]),
    await stack.destroy(),
  ]) {
    assert.equal(run.ok, false);
    assert.match(run.printed, /written by the official plugin "random"/);
  }
});

contractWithoutServer("what the stand-ins cannot do is refused, not imitated", async (stack) => {
  const certificate = await stack.up([
    {
      type: "SelfSignedCert",
      name: "certificate",
      args: { privateKeyPem: "x", validityPeriodHours: 1, allowedUses: [] },
    },
  ]);
  assert.equal(certificate.ok, false);
  assert.match(certificate.errors, /"tls" has no resource type .*SelfSignedCert/);

  const seeded = await stack.up([
    { type: "RandomInteger", name: "seeded", args: { min: 1, max: 2, seed: "s" } },
  ]);
  assert.equal(seeded.ok, false);
  assert.match(seeded.errors, /cannot follow a "seed"/);
});
