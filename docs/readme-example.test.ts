import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readApplication } from "../lib/application";
import { findingLine } from "../lib/finding";

test("the application that README.md shows is one that berth takes", () => {
  const readme = readFileSync(join(__dirname, "..", "README.md"), "utf8");
  const example = /```yaml\n(name: shop\n[^`]*)```/.exec(readme)?.[1];
  assert.ok(example !== undefined);
  const folder = mkdtempSync(join(tmpdir(), "berth-readme-"));
  try {
    writeFileSync(join(folder, "compose.yaml"), example);
    const { application, findings } = readApplication(folder);
    assert.deepEqual(findings.map(findingLine), []);
    assert.ok(application !== undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
