import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ended, output } from "../support/script";

const image = `berth-test/base:${String(process.pid)}`;
after(async () => output("docker", ["image", "rm", "--force", image]));

// A name that no registry has, so that the image is made from packages wherever this runs.
test("base.sh makes the base image from packages, and keeps it", { timeout: 900_000 }, async () => {
  const env = { BERTH_BASE_IMAGE: image };
  const made = await ended("images/base.sh", [], { env });
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stderr, /^made berth-test\/base:\d+ in \d+ s$/m);

  const look =
    ". /etc/os-release; echo $VERSION_CODENAME; ls /usr/share/man /usr/share/locale | grep -c '/man1\\|^de$'";
  const seen = await ended("docker", ["run", "--rm", image, "sh", "-c", look]);
  assert.equal(seen.stdout, "trixie\n0\n");
  const bytes = await output("docker", ["image", "inspect", "--format", "{{.Size}}", image]);
  assert.ok(Number(bytes) < 100e6, `${bytes} bytes`);

  assert.deepEqual(await ended("images/base.sh", [], { env }), { code: 0, stdout: "", stderr: "" });
});
