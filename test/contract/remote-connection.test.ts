import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { contract } from "./fixture";
import { PasswordServer } from "./password-server";
import { refuseDials } from "./refused-dials";

contract("another host key than the pinned one is refused, and nothing is executed", async (f) => {
  const { stack, sshd, command, path, lines } = f;
  const create = `echo ran >> ${path("log")}`;
  const connection = { ...sshd.connection(), hostKey: sshd.publicKey("other_key") };
  const up = await stack.up([command("web", { connection, create })]);
  assert.equal(up.ok, false);
  assert.match(up.errors, /host key/i);
  assert.deepEqual(lines("log"), []);
  assert.equal(sshd.logins(), 0);
  assert.doesNotMatch(up.printed, /PRIVATE KEY/);

  const malformed = { ...sshd.connection(), hostKey: "AAAAC3NzaC1lZDI1NTE5" };
  const refused = await stack.up([command("web", { connection: malformed, create })]);
  assert.equal(refused.ok, false);
  assert.deepEqual(lines("log"), []);
});

contract(
  "dials are tried again until the server is there",
  async (f) => {
    const { stack, sshd, command } = f;
    const notReady = await refuseDials();
    const connection = { ...sshd.connection(), port: notReady.port, dialErrorLimit: 100 };
    const running = stack.up([command("web", { connection, create: "echo up" })]);
    await Promise.race([notReady.refused(4), running]);
    await sshd.start();
    notReady.leadTo(sshd.port);
    const up = await running;
    await notReady.close();
    assert.equal(up.ok, true, up.printed);
    assert.equal(sshd.logins(), 1);
  },
  { isStarted: false },
);

contract(
  "dials end at the limit",
  async (f) => {
    const { stack, sshd, command } = f;
    // Below those that are given out, so that nobody listens there.
    const connection = { ...sshd.connection(), port: 1, dialErrorLimit: 1 };
    const up = await stack.up([command("web", { connection, create: "echo up" })]);
    assert.equal(up.ok, false);
    assert.match(up.errors, /ECONNREFUSED|connection refused/);
  },
  { isStarted: false },
);

contract("a failed login counts as a failed dial and is tried again", async (f) => {
  const { stack, sshd, command, path } = f;
  const otherKey = readFileSync(path("sshd/other_key"), "utf8");
  const connection = { ...sshd.connection(), privateKey: { $secret: otherKey } };
  const up = await stack.up([
    command("web", { connection: { ...connection, dialErrorLimit: 2 }, create: "true" }),
  ]);
  assert.equal(up.ok, false);
  assert.equal(sshd.connections(), 3, "two more dials after the first failure");
  assert.equal(sshd.logins(), 0);
});

contract("a key made by tls.PrivateKey logs in, in either form", async (f) => {
  const { stack, sshd, command } = f;
  const key = { type: "PrivateKey", name: "key", args: { algorithm: "ED25519" } };
  await stack.up([key]);
  const made = await stack.recorded("key");
  writeFileSync(sshd.moreKeysFile, String(made?.outputs["publicKeyOpenssh"]));
  const login = (output: string) =>
    command(output, {
      connection: { ...sshd.connection(), privateKey: { $output: `key.${output}` } },
      create: "true",
    });
  const up = await stack.up([key, login("privateKeyOpenssh"), login("privateKeyPem")]);
  assert.equal(up.ok, true, up.printed);
});

contract("a key may be encrypted, and a wrong passphrase fails at once", async (f) => {
  const { stack, sshd, command, path } = f;
  const encrypted = path("encrypted");
  copyFileSync(path("sshd/client_key"), encrypted);
  execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", "open sesame", "-f", encrypted]);
  const privateKey = { $secret: readFileSync(encrypted, "utf8") };
  const connection = { ...sshd.connection(), privateKey, privateKeyPassword: "open sesame" };
  const up = await stack.up([command("web", { connection, create: "true" })]);
  assert.equal(up.ok, true, up.printed);

  const before = sshd.connections();
  const wrong = { ...connection, privateKeyPassword: "open barley" };
  const refused = await stack.up([command("web", { connection: wrong, create: "true" })]);
  assert.equal(refused.ok, false);
  assert.equal(sshd.connections(), before);
});

contract("a set but dead agent fails the login even with a key; a live one logs in", async (f) => {
  const { stack, sshd, command, path } = f;
  const dead = { ...sshd.connection(), agentSocketPath: path("no-agent") };
  const refused = await stack.up([command("web", { connection: dead, create: "true" })]);
  assert.equal(refused.ok, false);
  assert.equal(sshd.connections(), 0, "no dial");

  const socket = path("agent");
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    await once(agent.stdout, "data");
    const environment = { ...process.env, SSH_AUTH_SOCK: socket };
    execFileSync("ssh-add", ["-q", path("sshd/client_key")], { env: environment, stdio: "ignore" });
    const connection = { ...sshd.connection(), privateKey: undefined, agentSocketPath: socket };
    const up = await stack.up([command("web", { connection, create: "true" })]);
    assert.equal(up.ok, true, up.printed);
  } finally {
    agent.kill();
  }
});

contract("a proxy is passed through with a login of its own", async (f) => {
  const { stack, sshd, command } = f;
  const connection = { ...sshd.connection(), proxy: sshd.connection() };
  const up = await stack.up([command("web", { connection, create: "echo $SSH_CONNECTION" })]);
  assert.equal(up.ok, true, up.printed);
  assert.equal(sshd.logins(), 2);

  const wrongProxy = { ...sshd.connection(), hostKey: sshd.publicKey("other_key") };
  const refused = await stack.up([
    command("other", { connection: { ...sshd.connection(), proxy: wrongProxy }, create: "true" }),
  ]);
  assert.equal(refused.ok, false);
  assert.equal(sshd.logins(), 2);
});

contract("a password logs in, plainly or by questions", async (f) => {
  const { stack, command } = f;
  for (const method of ["password", "keyboard-interactive"] as const) {
    const server = new PasswordServer(method, "correct horse");
    const port = await server.listen();
    try {
      const login = { host: "127.0.0.1", port, user: "someone", dialErrorLimit: 0 };
      const right = { ...login, password: { $secret: "correct horse" } };
      const up = await stack.up([command(method, { connection: right, create: "anything" })]);
      assert.equal(up.ok, true, up.printed);
      assert.equal((await stack.recorded(method))?.outputs["stdout"], "ran anything");

      const wrong = { ...login, password: { $secret: "wrong horse" } };
      const refused = await stack.up([command(method, { connection: wrong, create: "again" })]);
      assert.equal(refused.ok, false);
      assert.doesNotMatch(refused.printed, /wrong horse/);
    } finally {
      server.close();
    }
  }
});
