import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ConfigValues, ENCRYPTED } from "./config-values";
import { findingLine } from "./finding";
import { readStackFile, readYaml } from "./stack-file";

const folder = mkdtempSync(join(tmpdir(), "berth-stack-file-"));
const DECLARED = {
  project: "berth",
  keys: {
    email: { type: "string" },
    port: { type: "integer", default: 443 },
    domains: { type: "object", default: {} },
    keys: { type: "array", items: { type: "string" }, default: [] },
  },
};
after(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  writeFileSync(join(folder, "Pulumi.unit.yaml"), text);
  return readStackFile(folder, "unit", DECLARED);
}

test("keys are read with and without the project's prefix, foreign ones are left alone", () => {
  const { given, findings } = read("config:\n  berth:email: a\n  port: 80\n  aws:region: x\n");
  assert.deepEqual(given, { email: "a", port: 80 });
  assert.deepEqual(findings, []);
});

test("an empty file, one without config and one with what Pulumi writes itself are sound", () => {
  for (const text of ["", "config:\n", "encryptionsalt: v1:x\nconfig: {}\n"]) {
    assert.deepEqual(read(text).findings, [], text);
  }
});

test("a secret is there without being known, also within a map and a list", () => {
  const { given } = read(
    "config:\n  berth:email: { secure: v1:abc }\n  berth:domains: { main: { secure: v1:abc } }\n  berth:keys: [{ secure: v1:abc }]\n",
  );
  assert.deepEqual(given, { email: ENCRYPTED, domains: { main: ENCRYPTED }, keys: [ENCRYPTED] });
  const values = new ConfigValues(DECLARED, given);
  assert.deepEqual(values.findings, []);
  assert.equal(values.text("email"), "");
  const finding = { key: "email", problem: "is empty", next: "set it" };
  assert.deepEqual(values.tellable([finding, { ...finding, key: "port" }]), [
    { ...finding, key: "port" },
  ]);
});

test("a misspelt prefix and unknown parts of the file are found", () => {
  const { findings } = read("confg: {}\nconfig:\n  bert:email: geheim\n");
  assert.deepEqual(findings.map(findingLine), [
    "confg: is no part of a stack's file; did you mean config? allowed are config, environment, secretsprovider, encryptedkey, encryptionsalt",
    "bert:email: has an unknown prefix; did you mean berth:email?",
  ]);
  assert.deepEqual(read("config: text\n").findings.map(findingLine), [
    "config: is no map; write one `berth:key: value` a line",
  ]);
  assert.deepEqual(read("- berth:email: a\n").findings.map(findingLine), [
    "config: is missing; write `config:`, and below it one `berth:key: value` a line",
  ]);
});

test("no error repeats the text that it is about", () => {
  for (const text of ["config:\n  berth:email: *geheim\n", 'config: {}\n"geheim": } "geheim"\n']) {
    const { findings, isReadable } = read(text);
    assert.equal(isReadable, false);
    assert.ok(findings.length > 0 && !JSON.stringify(findings).includes("geheim"), text);
  }
  assert.deepEqual(read("config:\n  berth:email: *geheim\n").findings.map(findingLine), [
    "line 2, column 16: is no YAML: an alias of an anchor that is not there; write a text that begins with * in quotes",
  ]);
});

test("YAML that does not parse: line and column, and no word about values", () => {
  const broken = read('config:\n  berth:email: "a\n  berth:port: 80\n');
  assert.equal(broken.isReadable, false);
  assert.deepEqual(broken.findings.map(findingLine), [
    'line 4, column 1: is no YAML: Missing closing "quote; put that line right, or one above it',
  ]);
  assert.deepEqual(read("config:\n\tberth:email: a\n").findings.map(findingLine), [
    "line 2, column 1: is no YAML: Tabs are not allowed as indentation; put that line right, or one above it",
  ]);
  const twice = read("config:\n  berth:port: 80\n  berth:port: 81\n");
  assert.equal(twice.isReadable, true);
  assert.deepEqual(twice.findings.map(findingLine), [
    "line 3, column 3: is no YAML: Map keys must be unique; write it once",
  ]);
});

test("a finding gets the line of its key, or of what the key should be in", () => {
  const { placed } = read(
    "config:\n  berth:domains:\n    main: a\n  keys:\n    - one\n    - two\n  bert:email: a\n",
  );
  const line = (key: string) => placed({ key, problem: "", next: "" }).line;
  assert.equal(line("domains.main"), 3);
  assert.equal(line("domains.api"), 2);
  assert.equal(line("keys[1]"), 6);
  assert.equal(line("bert:email"), 7);
  assert.equal(line("email"), 1);
});

test("lines are found through anchors", () => {
  const yaml = readYaml("a: &a\n  b: 1\nc: *a\n");
  assert.equal(yaml.line(["c", "b"]), 2);
  assert.equal(yaml.line(["d"]), undefined);
});
