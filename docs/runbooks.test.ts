import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const folder = join(__dirname, "runbooks");
const index = readFileSync(join(folder, "README.md"), "utf8");
const makefile = readFileSync(join(__dirname, "..", "Makefile"), "utf8");
// Commands of berth's own developers.
const DEVELOPERS = ["help", "check", "test", "sweep", "bench"];

for (const [, command = ""] of makefile.matchAll(/^([a-z]+):.* ## /gm)) {
  if (DEVELOPERS.includes(command)) continue;
  test(`the runbooks have a page for make ${command}`, () => {
    assert.match(index, new RegExp(`\\(.*\\.md\\).*make ${command}\\b`));
  });
}

test("each page is in the index once, and each page in the index is there", () => {
  const pages = readdirSync(folder).filter((page) => page !== "README.md");
  const linked = [...index.matchAll(/\(([a-z-]+\.md)\)/g)].map(([, page]) => page);
  assert.deepEqual(linked.sort(), pages.sort());
});
