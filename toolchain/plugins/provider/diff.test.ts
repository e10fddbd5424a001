import assert from "node:assert/strict";
import { test } from "node:test";
import { diffInputs } from "./diff";
import { fileAsset, UNKNOWN, type Properties } from "./values";

const table = {
  inputs: {
    create: { type: "string" },
    connection: { type: "Any" },
    source: { type: "Asset" },
    triggers: { type: "Any[]", replaces: true },
  },
  outputs: { stdout: { type: "string" } },
};

function paths(olds: Properties, news: Properties, ignored: string[] = []): string[] {
  return diffInputs(table, olds, news, ignored).map(
    ({ kind, path, replaces }) => `${kind} ${path}${replaces ? " replaces" : ""}`,
  );
}

const cases: [title: string, olds: Properties, news: Properties, expected: string[]][] = [
  ["nothing", { create: "a" }, { create: "a" }, []],
  ["an output", { create: "a", stdout: "b" }, { create: "a" }, []],
  [
    "added, changed, removed",
    { create: "a" },
    { connection: "x" },
    ["add connection", "delete create"],
  ],
  [
    "a nested part",
    { connection: { host: "a", "x.y": 1 } },
    { connection: { host: "b", "x.y": 2 } },
    ["update connection.host", 'update connection["x.y"]'],
  ],
  [
    "a trigger",
    { triggers: [1, 2] },
    { triggers: [1, 3, 4] },
    ["update triggers[1] replaces", "add triggers[2] replaces"],
  ],
  ["the first trigger", {}, { triggers: [1] }, ["add triggers replaces"]],
  ["an unknown value", { create: UNKNOWN }, { create: UNKNOWN }, ["update create"]],
  ["a moved file", { source: fileAsset("/a", "h") }, { source: fileAsset("/b", "h") }, []],
  [
    "a file's content",
    { source: fileAsset("/a", "h") },
    { source: fileAsset("/a", "i") },
    ["update source"],
  ],
];

for (const [title, olds, news, expected] of cases) {
  test(`diff of ${title}`, () => assert.deepEqual(paths(olds, news), expected));
}

test("ignored arguments do not differ", () => {
  assert.deepEqual(paths({ create: "a" }, { create: "b" }, ["create"]), []);
});
