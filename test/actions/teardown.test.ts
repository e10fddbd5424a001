import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { begun, SmallStack } from "./small-stack";

const stack = new SmallStack("act-teardown");
const CONFIRM = stack.name;

interface Exported {
  readonly deployment: { readonly resources?: { readonly urn: string }[] };
}

async function urns(): Promise<string[]> {
  const { stdout } = await stack.pulumi("stack", "export");
  const { deployment } = JSON.parse(stdout) as Exported;
  return (deployment.resources ?? []).map(({ urn }) => urn);
}

before(async () => {
  const up = await stack.pulumi("stack", "init");
  assert.equal(up.code, 0, up.stderr);
});

after(() => stack.dispose());

test("after an up that was killed, recover and up converge; while one runs, recover refuses", async () => {
  const held = join(stack.folder, "held");
  writeFileSync(held, "");
  stack.configure(`while test -e ${held}; do sleep 0.2; done`);
  const killed = stack.start("up", "--yes", "--skip-preview");
  await begun(killed, "step creating");

  const meanwhile = await stack.run("commands/recover.sh");
  assert.equal(meanwhile.code, 3, meanwhile.stdout);
  assert.match(
    meanwhile.stderr,
    new RegExp(`process ${String(killed.pid)} on this machine works on`),
  );

  const ended = new Promise((done) => killed.on("exit", done));
  killed.kill("SIGKILL");
  await ended;
  rmSync(held);
  stack.configure("true");
  const locked = await stack.pulumi("up", "--yes", "--skip-preview");
  assert.match(locked.stdout + locked.stderr, /currently locked/);

  const recovered = await stack.run("commands/recover.sh");
  assert.equal(recovered.code, 0, recovered.stderr);
  assert.match(recovered.stdout, /lock released/);
  assert.match(
    recovered.stderr,
    /command:local:Command step: forgotten, the next up makes it again/,
  );
  const deployed = await stack.run("ci/deploy.sh");
  assert.equal(deployed.code, 0, deployed.stdout + deployed.stderr);
});

test("recover changes nothing where nothing is amiss", async () => {
  const old = await urns();
  const { code, stdout, stderr } = await stack.run("commands/recover.sh");
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stdout, /lock released/);
  assert.deepEqual((await urns()).sort(), old.sort());
});

test("a plain destroy refuses and removes nothing", async () => {
  const old = await urns();
  const { code, stdout } = await stack.pulumi("destroy", "--yes");
  assert.notEqual(code, 0);
  assert.match(stdout, /cannot be deleted\s+because it is protected/);
  assert.deepEqual(await urns(), old);
});

test("make down refuses a stack in a cloud, and says what removes it", async () => {
  const { code, stderr } = await stack.run("commands/down.sh");
  assert.equal(code, 64);
  assert.match(stderr, /make destroy STACK=act-teardown CONFIRM=act-teardown/);
});

for (const confirm of ["", "act", "ACT-TEARDOWN"]) {
  test(`destroy with CONFIRM "${confirm}" is refused and removes nothing`, async () => {
    const old = await urns();
    for (const script of ["commands/destroy.sh", "ci/destroy.sh", "ci/backup.sh"]) {
      const { code, stderr } = await stack.run(script, { CONFIRM: confirm });
      assert.equal(code, 64, script);
      assert.match(stderr, /CONFIRM/);
    }
    assert.deepEqual(await urns(), old);
  });
}

test("destroy removes everything, protected data too, and leaves the stack's file as it is", async () => {
  const file = readFileSync(stack.file, "utf8");
  const { code, stdout, stderr } = await stack.run("ci/destroy.sh", { CONFIRM });
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /clearing the protection of 1 resources/);
  assert.match(stdout, /stack act-teardown: nothing is left/);
  assert.match(stack.summary, /Stack act-teardown was removed/);
  assert.deepEqual(await urns(), []);
  assert.equal(readFileSync(stack.file, "utf8"), file);
});

test("a second destroy does nothing", async () => {
  const { code, stdout } = await stack.run("commands/destroy.sh", { CONFIRM });
  assert.equal(code, 0);
  assert.equal(stdout, "  stack act-teardown: there is nothing to remove\n");
});
