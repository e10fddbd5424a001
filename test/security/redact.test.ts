import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { renderEnvFile } from "../../lib/env-file";
import { hostileValues, markOf, SEED } from "./support/hostile-values";
import { foundIn, needlesOf } from "./support/needles";

const folder = mkdtempSync(join(tmpdir(), "berth-redact-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const script = join(__dirname, "../../host/lib/redact.py");

/** What is left of a text on a server whose release has these variables, all but OPEN secret. */
function redacted(text: string, variables: Readonly<Record<string, string>>): string {
  const names = Object.keys(variables).filter((name) => name !== "OPEN");
  writeFileSync(join(folder, ".env"), renderEnvFile(variables));
  writeFileSync(join(folder, "names"), names.join("\n"));
  const { status, stdout, stderr } = spawnSync(
    script,
    [join(folder, ".env"), join(folder, "names")],
    { input: text, encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  return stdout;
}

test("two hundred hostile secrets are taken out of what an application prints", () => {
  const values = hostileValues(200);
  const needles = needlesOf(
    values.map((_, index) => ({ name: String(index), value: markOf(index) })),
  );
  const variables = Object.fromEntries(values.map((value, index) => [`S${index}`, value]));
  const text = values
    .flatMap((value) => [
      `plain ${value}.`,
      JSON.stringify({ value }),
      `postgresql://me:${encodeURIComponent(value)}@db/x`,
      Buffer.from(value).toString("base64"),
    ])
    .join("\n");
  assert.ok(foundIn(text, needles).length >= 200, "the text gives them away");
  assert.deepEqual(foundIn(redacted(text, variables), needles), [], `seed ${SEED}`);
  const python = spawnSync("python3", ["-c", "import json,sys; print(json.load(sys.stdin))"], {
    input: JSON.stringify(variables),
    encoding: "utf8",
  });
  assert.deepEqual(foundIn(redacted(python.stdout, variables), needles), [], `seed ${SEED}`);
});

test("what is no secret stays, and so does a text without a release", () => {
  assert.equal(
    redacted("https://x.example: wordword", { OPEN: "https://x.example", S: "wordword" }),
    "https://x.example: [secret]",
  );
  const { stdout } = spawnSync(script, ["/nonexistent/.env", "/nonexistent/names"], {
    input: "as it was\n",
    encoding: "utf8",
  });
  assert.equal(stdout, "as it was\n");
});
