import assert from "node:assert/strict";
import { cpSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Machine, machineCache, onMachine, projectRoot } from "./machine";
import { official, PLACES, Publisher, withPublisher } from "./publisher";

/** Of the cache, not of a clone. */
const SHARED = ["local-state", "node", "pulumi", "language-host", "compose", "buildx", "plugins"];

/** This machine as it is, with the cache that `make setup` filled. */
function realMachine(machine: Machine): Machine {
  return machine.with({ ...process.env, BERTH_CACHE: machineCache });
}

onMachine("when everything is there it says so in one line and does nothing", async (machine) => {
  realMachine(machine);
  const first = await machine.setUp("docker", ...SHARED);
  assert.equal(first.code, 0, first.stderr);
  await withPublisher(Publisher.open(), async (publisher) => {
    official(machine, publisher, ...PLACES);
    const run = await machine.setUp("docker", ...SHARED);
    assert.equal(run.stdout + run.stderr, "Toolchain: everything is there.\n");
    assert.deepEqual(publisher.asked, [], "nothing is looked up");
  });
});

onMachine("a second clone finds the first one's tools", async (machine) => {
  realMachine(machine);
  for (const path of ["toolchain", "package.json", "package-lock.json"]) {
    cpSync(join(projectRoot, path), join(machine.folder, "clone", path), { recursive: true });
  }
  const run = await machine.run(
    "bash",
    join(machine.folder, "clone/toolchain/setup.sh"),
    ...SHARED,
  );
  assert.equal(run.stdout + run.stderr, "Toolchain: everything is there.\n");
});

onMachine("the tools work together: a stack goes up and its secret is kept", async (machine) => {
  realMachine(machine).with({ PULUMI_BACKEND_URL: `file://${machine.folder}` });
  machine.write("project/Pulumi.yaml", "name: tools\nruntime: nodejs\n");
  machine.write("project/package.json", '{ "name": "tools", "main": "index.ts" }\n');
  machine.write(
    "project/index.ts",
    'import * as random from "@pulumi/random";\n' +
      'const secret = new random.RandomPassword("secret", { length: 24, special: false });\n' +
      "export const kept = secret.result;\n" +
      "export const node = process.version;\n",
  );
  const run = await machine.run(
    "bash",
    join(__dirname, "small-stack.sh"),
    projectRoot,
    machine.folder,
  );
  assert.equal(run.code, 0, run.stdout + run.stderr);
  const outputs = JSON.parse(run.stdout) as { kept: string; node: string };
  assert.equal(outputs.kept, "[secret]");
  assert.ok(Number(outputs.node.slice(1).split(".")[0]) >= 22, outputs.node);
});

onMachine("the passphrase is random, private, never shown and never replaced", async (machine) => {
  const run = await machine.setUp("local-state");
  const file = join(machine.cache, "passphrase");
  const passphrase = readFileSync(file, "utf8");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(Buffer.from(passphrase, "base64").length >= 32);
  assert.ok(!(run.stdout + run.stderr).includes(passphrase));
  assert.ok(
    !readFileSync(join(machine.cache, "log/setup-local_state.log"), "utf8").includes(passphrase),
  );

  await machine.run("rm", "-r", join(machine.cache, "state"));
  assert.equal((await machine.setUp("local-state")).code, 0);
  assert.equal(readFileSync(file, "utf8"), passphrase);
});

const SHOW =
  '. "$0"; . "$0"; echo "$PATH|$PULUMI_BACKEND_URL|$PULUMI_CONFIG_PASSPHRASE_FILE|${SSH_AUTH_SOCK-none}|${BERTH_CA_BUNDLE-none}"';

onMachine(
  "env.sh gives the cache's tools, once, and leaves the user's own settings",
  async (machine) => {
    const env = join(projectRoot, "toolchain/env.sh");
    machine.with({ SSH_AUTH_SOCK: "/tmp/agent", PATH: "/usr/bin:/bin" });
    const plain = await machine.run("sh", "-euc", SHOW, env);
    const { cache } = machine;
    assert.equal(
      plain.stdout,
      `${cache}/bin:/usr/bin:/bin|file://${cache}/state|${cache}/passphrase|none|none\n`,
    );

    const bundle = machine.write("company.pem", "");
    machine.with({
      PULUMI_BACKEND_URL: "s3://ours",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/home/me/passphrase",
      SSL_CERT_FILE: bundle,
    });
    const own = await machine.run("sh", "-euc", SHOW, env);
    assert.ok(own.stdout.endsWith(`|s3://ours|/home/me/passphrase|none|${bundle}\n`), own.stdout);
  },
);

onMachine(
  "starting Docker does nothing when it answers, and says so when it is not installed",
  async (machine) => {
    const script = join(projectRoot, "toolchain/start-docker.sh");
    const running = await realMachine(machine).run("bash", script);
    assert.deepEqual([running.code, running.stdout + running.stderr], [0, ""]);

    const bare = await machine.withOnly(["bash", "dirname"]).run("bash", script);
    assert.equal(bare.code, 69);
    assert.match(bare.stderr, /Docker Engine is not installed: toolchain\/setup\.sh docker/);
  },
);
