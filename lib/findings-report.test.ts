import assert from "node:assert/strict";
import { test } from "node:test";
import { allowedNames, nearest, showValue } from "./finding";
import { renderReport } from "./findings-report";

const EMAIL = {
  key: "email",
  value: "admin",
  problem: "is no address",
  next: "write one",
  line: 12,
};
const PORT = { key: "port", value: 0, problem: "is no port", next: "allowed are 1 to 9", line: 3 };

test("a report says how many findings there are and lists them by file and line", () => {
  const report = renderReport("prod", [
    { file: "Pulumi.prod.yaml", findings: [EMAIL, PORT, EMAIL] },
    { file: "compose.yaml", findings: [] },
    { file: "other.yaml", findings: [{ ...PORT, line: undefined }] },
  ]);
  assert.equal(
    report,
    `stack prod can't be used: 3 findings, nothing was created or changed

Pulumi.prod.yaml
   3  port: 0 is no port
          allowed are 1 to 9
  12  email: "admin" is no address
          write one

other.yaml
  port: 0 is no port
      allowed are 1 to 9`,
  );
});

test("long lines go on below, within the width", () => {
  const findings = [
    { ...EMAIL, problem: "word ".repeat(30).trim(), next: "todo ".repeat(30).trim() },
  ];
  const lines = renderReport("dev", [{ file: "f", findings }], { width: 60 }).split("\n");
  assert.ok(
    lines.slice(3).every((line) => line.length <= 60 && /^( {2}12 {2}| {10})\S/.test(line)),
  );
  assert.equal(lines.join(" ").match(/word|todo/g)?.length, 60);
});

test("colour is only where it is asked for", () => {
  const files = [{ file: "f", findings: [EMAIL] }];
  assert.ok(!renderReport("dev", files).includes("\u001b"));
  assert.match(renderReport("dev", files, { color: true }), /\u001b\[1memail:\u001b\[0m "admin"/);
});

test("a value is shown on one line, without what nobody may read and what a terminal obeys", () => {
  assert.equal(showValue('a "b"'), '"a \\"b\\""');
  assert.equal(showValue("a\nb\u001b[2J\u009b\u202e"), '"a b [2J  "');
  assert.equal(showValue("x".repeat(100)), `"${"x".repeat(80)}..."`);
  assert.equal(showValue("-----BEGIN OPENSSH PRIVATE KEY-----\nx"), "");
  assert.equal(showValue("https://user:geheim@host/"), '"https://...@host/"');
  assert.deepEqual([0, false, "", null, {}, []].map(showValue), ["0", "false", "", "", "", ""]);
});

test("the nearest name is one that can be meant", () => {
  const names = ["publicPort", "email", "sshCidrs"];
  assert.equal(nearest("publicport", names), "publicPort");
  assert.equal(nearest("sshCidr", names), "sshCidrs");
  assert.equal(nearest("emial", names), "email");
  assert.equal(nearest("unheard", names), undefined);
  assert.equal(nearest("x", []), undefined);
  assert.equal(allowedNames("x", []), "there are none");
});
