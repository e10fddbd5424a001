import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { nameRelease } from "../../images/release";
import { output } from "../support/script";
import { SmallApplication } from "./small-application";

/** Media types of the layers of an image in the store. */
function mediaTypes(application: SmallApplication, digest = ""): string[] {
  const blob = join(application.cache, "oci", "blobs", digest.replace(":", "/"));
  const manifest = JSON.parse(readFileSync(blob, "utf8")) as { layers: { mediaType: string }[] };
  return manifest.layers.map(({ mediaType }) => mediaType);
}

const isZstd = (mediaType: string): boolean => mediaType.endsWith("+zstd");

describe("building a release", { timeout: 900_000 }, () => {
  const application = new SmallApplication();
  after(async () => application.remove());

  test("builds each image once and writes the release", async () => {
    const { code, stderr } = await application.build();
    assert.equal(code, 0, stderr);
    assert.equal(stderr.match(/^built image berth-test-small\/web /gm)?.length, 1);

    const { app, id, platform, images } = application.release();
    assert.equal(app, "berth-test-small");
    assert.match(id, /^[0-9a-f]{12}$/);
    assert.match(platform, /^linux\//);
    assert.deepEqual(Object.keys(images), ["base", "jobs", "web", "worker"]);
    assert.deepEqual(images.worker, images.web);
    assert.equal(images.web?.repository, "berth-test-small/web");
  });

  test("passes arguments, and the CA bundle as a secret that no image keeps", async () => {
    const run = ["run", "--rm", "berth-test/small-jobs"];
    assert.equal(await output("docker", [...run, "cat", "/greeting"]), "hello");
    assert.equal(
      await output("docker", [...run, "find", "/run", "-name", "ca-bundle", "-size", "+0"]),
      "",
    );
  });

  test("says nothing and changes nothing when nothing changed", async () => {
    const { id } = application.release();
    assert.deepEqual(await application.build(), { code: 0, stdout: "", stderr: "" });
    assert.equal(application.release().id, id);
  });

  test("gzip makes another release of the same images, and zstd the first one again", async () => {
    const before = application.release();
    assert.equal(mediaTypes(application, before.images.web?.digest).every(isZstd), true);
    const { code, stderr } = await application.build(undefined, ["--compression", "gzip"]);
    assert.equal(code, 0, stderr);
    const gzip = application.release();
    assert.notEqual(gzip.id, before.id);
    assert.equal(mediaTypes(application, gzip.images.web?.digest).some(isZstd), false);
    assert.equal((await application.build()).code, 0);
    assert.deepEqual(application.release(), before);
  });

  test("an unknown compression is refused, with those that are allowed", async () => {
    const { code, stderr } = await application.build(undefined, ["--compression", "lz4"]);
    assert.equal(code, 64);
    assert.match(stderr, /--compression is "lz4"; allowed: zstd, gzip/);
  });

  test("gives the same release on a machine whose store is empty", async () => {
    const before = application.release();
    const emptyCache = mkdtempSync(join(tmpdir(), "berth-cache-"));
    try {
      const { code, stderr } = await application.build(emptyCache);
      assert.equal(code, 0, stderr);
      assert.deepEqual(application.release(), before);
    } finally {
      rmSync(emptyCache, { recursive: true, force: true });
    }
  });

  test("passes over files that Docker leaves out", async () => {
    application.write("web/notes", "mine\n");
    application.write("web/x.tmp", "mine\n");
    assert.deepEqual(await application.build(), { code: 0, stdout: "", stderr: "" });
  });

  test("builds only what changed, and the release has another id", async () => {
    const before = application.release();
    application.write("web/page", "two\n");
    const { code, stderr } = await application.build();
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /small\/jobs/);

    const now = application.release();
    assert.notEqual(now.id, before.id);
    assert.notDeepEqual(now.images.web, before.images.web);
    assert.deepEqual(now.images.jobs, before.images.jobs);

    application.write("web/page", "one\n");
    await application.build();
    assert.deepEqual(application.release(), before);
  });

  test("tells why a build failed and leaves the release as it was", async () => {
    const before = application.release();
    application.write(
      "web/Dockerfile",
      "FROM debian:trixie-slim\nRUN echo the-reason >&2; exit 3\n",
    );
    const { code, stderr } = await application.build();
    assert.equal(code, 1);
    assert.match(stderr, /the-reason/);
    assert.deepEqual(application.release(), before);
  });
});

test("a release's id comes from its application, platform and images alone", () => {
  const a = { repository: "app/a", digest: "sha256:aa" };
  const b = { repository: "app/b", digest: "sha256:bb" };
  const { id } = nameRelease("app", "linux/amd64", { a, b });
  assert.equal(nameRelease("app", "linux/amd64", { b, a }).id, id);
  for (const other of [
    nameRelease("other", "linux/amd64", { a, b }),
    nameRelease("app", "linux/arm64", { a, b }),
    nameRelease("app", "linux/amd64", { a, b: { ...b, digest: "sha256:cc" } }),
  ]) {
    assert.notEqual(other.id, id);
  }
});
