import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Project } from "./support/project";
import { dockerLeftovers } from "./support/server";

const STACK = "e2e-boot";
const project = new Project(STACK);

before(() => project.removeLeftServer());

after(async () => {
  await project.make("down");
  project.dispose();
});

test(
  "a first boot that goes wrong ends the deploy with the failing module's name",
  { timeout: 300_000 },
  async () => {
    project.edit("cloud-init/server.yaml", (text) =>
      text.replace(/^packages:\n/m, "packages:\n  - there-is-no-such-package\n"),
    );
    const { status, output } = await project.make("up");
    assert.notEqual(status, 0);
    assert.match(output, /the server's first boot failed/);
    assert.match(output, /package_update_upgrade_install/);
  },
);

test("what a failed deploy left is removed by make down", { timeout: 120_000 }, async () => {
  const { status, output } = await project.make("down");
  assert.equal(status, 0, output);
  assert.deepEqual(dockerLeftovers(STACK), []);
});
