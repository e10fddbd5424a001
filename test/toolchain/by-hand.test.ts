import assert from "node:assert/strict";
import { onMachine } from "./machine";

/** What every Unix has; no package manager, Docker, Node or Go among them. */
const BARE = (
  "bash sh awk base64 basename cat chmod cp curl cut date dirname env find flock grep head id " +
  "ln ls mkdir mktemp mv perl readlink rm sed sha256sum sleep sort tail tr touch uname xargs"
).split(" ");

onMachine(
  "on a Mac without anything, one message names all that must be installed",
  async (machine) => {
    machine.withShim("uname").withOnly(BARE.filter((name) => name !== "uname"));
    const run = await machine.setUp();
    assert.equal(run.code, 69);
    assert.equal(
      run.stderr,
      [
        "These cannot be installed from here. Install them, then run the same command again:",
        "  - Go 1.25.11 or newer: https://go.dev/dl, or: brew install go",
        "  - Docker Engine 20.10 or newer, running: Docker Desktop, or: brew install colima docker && colima start",
        "  - OpenSSH client: brew install openssh",
        "  - skopeo: brew install skopeo",
        "  - Node 22 or newer with npm: https://nodejs.org/en/download, or: brew install node@22",
        "",
      ].join("\n"),
    );
    assert.deepEqual(machine.list("tools"), []);
  },
);

onMachine(
  "on a Linux without apt-get, it says what to get from the system's own packages",
  async (machine) => {
    machine.withOnly(BARE);
    const run = await machine.setUp("--for-tests", "skopeo", "mmdebstrap");
    assert.equal(run.code, 69);
    for (const tool of ["skopeo", "mmdebstrap", "shellcheck", "cloud-init"]) {
      assert.match(run.stderr, new RegExp(`- ${tool}: there is no apt-get here`));
    }
  },
);

onMachine(
  "a step that does not exist is refused with the names of those that do",
  async (machine) => {
    const run = await machine.setUp("docker", "terraform");
    assert.equal(run.code, 64);
    assert.match(run.stderr, /there is no step "terraform"/);
    assert.match(run.stderr, /steps: local-state docker .* plugins/);
  },
);

onMachine("a cache at a relative path is refused", async (machine) => {
  const run = await machine.with({ BERTH_CACHE: "cache" }).setUp("local-state");
  assert.equal(run.code, 64);
  assert.match(run.stderr, /BERTH_CACHE is "cache"; it must be an absolute path/);
});
