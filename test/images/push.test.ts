import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { releaseImages } from "../../lib/compose";
import { renderStepInput } from "../../lib/step-input";
import { eventually } from "../e2e/support/server";
import { endedScript, output } from "../support/script";
import { RegistryServer } from "./registry-server";
import { SmallApplication } from "./small-application";

describe("pushing a release", { timeout: 900_000 }, () => {
  const application = new SmallApplication();
  let server: RegistryServer;
  let values: Record<string, string>;
  let names: string[];

  before(async () => {
    const built = await application.build();
    assert.equal(built.code, 0, built.stderr);
    server = await RegistryServer.start(500);
    const images = releaseImages(application.release());
    names = images.map(({ repository, digest }) => `${repository}@${digest}`);
    values = {
      ...(await server.inputs()),
      IMAGES: images.map(({ repository, digest }) => `${repository} ${digest}`).join("\n"),
      STORE: join(application.cache, "oci"),
    };
  });

  after(async () => {
    await server.remove();
    await application.remove();
  });

  test("brings every image with its digest, in one login, and leaves no file behind", async (context) => {
    // A short path, as a control socket lies below it.
    const own = mkdtempSync(join(tmpdir(), "berth-test-"));
    context.after(() => rmSync(own, { recursive: true, force: true }));
    const logins = await server.logins();
    const given = { stdin: renderStepInput(values), env: { TMPDIR: own } };
    assert.deepEqual((await output("images/push.sh", [], given)).split("\n"), names);
    assert.deepEqual(readdirSync(own), []);
    await eventually("the login is logged", 180, async () => (await server.logins()) > logins);
    assert.equal(await server.logins(), logins + 1);
    for (const name of names) {
      const [repository = "", digest = ""] = name.split("@");
      assert.equal(await server.digestOf(repository, digest.replace("sha256:", "")), digest);
    }
  });

  test("sends nothing when all is there", async () => {
    const { code, stdout, stderr } = await endedScript("images/push.sh", values);
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.trim().split("\n"), names);
    assert.equal(stderr, "");
  });

  test("refuses a server with another host key, and shows no key", async () => {
    const other = await RegistryServer.start(1);
    try {
      const { HOST_KEY = "" } = await other.inputs();
      const { code, stderr } = await endedScript("images/push.sh", { ...values, HOST_KEY });
      assert.equal(code, 69);
      assert.match(stderr, /its host key is not the one that was recorded/);
      assert.doesNotMatch(stderr, /PRIVATE KEY/);
    } finally {
      await other.remove();
    }
  });

  test("says so when the server's disk is full", async () => {
    const small = await RegistryServer.start(5);
    try {
      const { code, stderr } = await endedScript("images/push.sh", {
        ...values,
        ...(await small.inputs()),
      });
      assert.equal(code, 70, stderr);
      assert.match(
        stderr,
        /the registry on 127\.0\.0\.1 fails, most likely as its disk is full; see `df -h`/,
      );
    } finally {
      await small.remove();
    }
  });

  test("says so when no registry answers there", async () => {
    await server.run(
      ...["timeout", "300", "sh", "-c"],
      "pkill docker-registry; while curl -s -o /dev/null http://127.0.0.1:5000/v2/; do sleep 0.1; done",
    );
    const { code, stderr } = await endedScript("images/push.sh", values);
    assert.equal(code, 69);
    assert.match(stderr, /no registry answers on 127\.0\.0\.1 itself, port 5000/);
  });

  test("refuses what is no image, or not in the store", async () => {
    const malformed = await endedScript("images/push.sh", { ...values, IMAGES: "app/web latest" });
    assert.equal(malformed.code, 64);
    assert.match(
      malformed.stderr,
      /IMAGES holds "app\/web latest"; wanted: a repository and sha256:/,
    );

    const digest = `sha256:${"0".repeat(64)}`;
    const missing = await endedScript("images/push.sh", { ...values, IMAGES: `app/web ${digest}` });
    assert.equal(missing.code, 66);
    assert.match(missing.stderr, /is not in the store/);
  });
});
