import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Project } from "./support/project";
import { dockerLeftovers } from "./support/server";

const STACK = "e2e-boot";
const project = new Project(STACK);

// What a first boot needs is made before its time is taken: from nothing that takes minutes.
before(async () => {
  project.removeLeftServer();
  for (const [command, ...args] of [["machine/build.sh"], ["make", "release"]] as const) {
    const { status, output } = await project.run(command, args);
    assert.equal(status, 0, output);
  }
});

after(async () => {
  await project.make("down");
  project.dispose();
});

const MARK = /^packages:\n/m;

/** The states that cloud-init ends in when something went wrong, each by what provokes it. */
const states: [state: string, change: string, cause: RegExp][] = [
  [
    "error",
    "packages:\n  - there-is-no-such-package\n",
    /first boot failed \(cloud-init status 1\)[^]*package_update_upgrade_install/,
  ],
  [
    "done with recoverable errors",
    "there_is_no_such_key: true\npackages:\n",
    /first boot failed \(cloud-init status 2\)[^]*failed schema validation/,
  ],
];

for (const [state, change, cause] of states) {
  describe(`a first boot that ends as ${state}`, () => {
    test("ends the deploy with the reason and the way on", { timeout: 600_000 }, async () => {
      project.edit("cloud-init/server.yaml", (text) => text.replace(MARK, change));
      const { status, output } = await project.make("up");
      project.edit("cloud-init/server.yaml", (text) => text.replace(change, "packages:\n"));
      assert.notEqual(status, 0);
      assert.match(output, /make up failed at: server\n/);
      assert.match(output, cause);
      assert.match(output, /next: read \/var\/log\/cloud-init-output\.log on the server/);
      assert.match(output, /Kept: +the new server, to be looked at; nothing runs on it yet/);
      assert.match(output, /Next: +correct cloud-init\/, .*make down STACK=e2e-boot, and make up/);
    });

    test("leaves what make down removes", { timeout: 300_000 }, async () => {
      const { status, output } = await project.make("down");
      assert.equal(status, 0, output);
      assert.deepEqual(dockerLeftovers(STACK), []);
    });
  });
}
