import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { LogFile } from "./log-file";

const folder = mkdtempSync(join(tmpdir(), "berth-log-"));
after(() => rmSync(folder, { recursive: true }));

test("the log is for its owner only, and old ones go", () => {
  for (let day = 10; day < 30; day += 1) {
    for (const stack of ["dev", "prod", "a-b"]) {
      writeFileSync(join(folder, `up-${stack}-202001${String(day)}T000000Z.log`), "");
    }
  }
  writeFileSync(join(folder, "setup-node.log"), "");
  const log = new LogFile(folder, "up", "dev");
  log.event({ diagnosticEvent: { urn: "a::b", message: "one\ntwo\n", severity: "info" } });
  log.close();
  assert.equal(statSync(log.path).mode & 0o777, 0o600);
  assert.match(readFileSync(log.path, "utf8"), /b: info: one\n.*b: info: two\n/);
  const kept = readdirSync(folder);
  assert.equal(kept.filter((name) => name.startsWith("up-")).length, 50);
  assert.ok(kept.includes("setup-node.log"));
  assert.ok(!kept.includes("up-a-b-20200110T000000Z.log"));
});
