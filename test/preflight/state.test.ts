import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { PreflightSettings } from "../../preflight/settings";
import { expectOne } from "./expect-finding";
import { DROPLET, look, type Circumstances } from "./looking";
import { startCloud, type SimulatedCloud } from "./simulated-cloud";

let cloud: SimulatedCloud;
before(async () => {
  cloud = await startCloud();
});
after(() => cloud.stop());

const folder = mkdtempSync(join(tmpdir(), "pre-here-"));
after(() => rmSync(folder, { recursive: true }));

async function findings(
  changes: Partial<PreflightSettings> = {},
  circumstances: Circumstances = {},
): Promise<readonly string[]> {
  return (await look(cloud, { ...DROPLET, ...changes }, circumstances)).findings;
}

describe("state-backend", () => {
  const tree = join(__dirname, "../..");

  for (const url of [
    "s3://bucket?region=eu-central-1",
    "azblob://container",
    "gs://bucket",
    "postgres://user:secret@db.example/state",
    "https://api.pulumi.com",
    `file://${folder}/state`,
    "file://~/berth-state",
  ]) {
    test(`takes ${url.split("/")[0]!}//...`, async () => {
      assert.deepEqual(await findings({}, { env: { PULUMI_BACKEND_URL: url } }), []);
    });
  }

  test("refuses a folder of the project, by whatever way it is named", async () => {
    const link = join(folder, "link");
    symlinkSync(tree, link);
    for (const url of [
      `file://${tree}/state`,
      "file://.",
      "file://./state",
      `file://${link}/state`,
    ]) {
      const found = await findings({}, { env: { PULUMI_BACKEND_URL: url } });
      expectOne(found, "state-backend", /in the project's folder/);
    }
  });

  test("reads what pulumi login chose, and tells where there is nothing", async () => {
    const env = { PULUMI_BACKEND_URL: undefined, PULUMI_HOME: folder };
    expectOne(await findings({}, { env }), "state-backend", /no state backend is chosen/);
    writeFileSync(join(folder, "credentials.json"), JSON.stringify({ current: `file://${tree}` }));
    expectOne(await findings({}, { env }), "state-backend", /in the project's folder/);
  });

  test("refuses what is no backend", async () => {
    expectOne(await findings({ backendUrl: "ftp://x" }), "state-backend", /"ftp:" is no kind/);
  });
});

describe("secrets-provider", () => {
  const file = join(folder, "passphrase");
  const withFile = (path: string) => ({ env: { PULUMI_CONFIG_PASSPHRASE_FILE: path } });

  test("refuses no passphrase, an empty one, and an empty or missing file", async () => {
    expectOne(await findings({}, withFile("")), "secrets-provider", /there is no passphrase/);
    const empty = { env: { PULUMI_CONFIG_PASSPHRASE: "" } };
    expectOne(await findings({}, empty), "secrets-provider", /PULUMI_CONFIG_PASSPHRASE is empty/);
    expectOne(await findings({}, withFile(`${file}.not`)), "secrets-provider", /can't be read/);
    writeFileSync(file, "\n", { mode: 0o600 });
    expectOne(await findings({}, withFile(file)), "secrets-provider", /is empty/);
  });

  test("refuses a file that others may read", async () => {
    writeFileSync(file, "correct horse battery staple");
    chmodSync(file, 0o640);
    expectOne(await findings({}, withFile(file)), "secrets-provider", /mode 640\); chmod 600/);
    chmodSync(file, 0o600);
    assert.deepEqual(await findings({}, withFile(file)), []);
  });

  test("refuses a file of the project", async () => {
    const path = __filename;
    const found = await findings({}, withFile(path));
    assert.ok(found.some((line) => line.includes("lies in the project's folder")));
  });

  test("takes a key service without a passphrase, and Pulumi Cloud's own", async () => {
    const none = { env: { PULUMI_CONFIG_PASSPHRASE_FILE: "" } };
    assert.deepEqual(await findings({ secretsProvider: "awskms://alias/berth" }, none), []);
    const cloudState = { env: { ...none.env, PULUMI_BACKEND_URL: "https://api.pulumi.com" } };
    assert.deepEqual(await findings({}, cloudState), []);
  });

  test("refuses what is no provider", async () => {
    expectOne(
      await findings({ secretsProvider: "rot13" }),
      "secrets-provider",
      /"rot13" is no secrets provider/,
    );
  });
});
