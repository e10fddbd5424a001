import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node } from "yaml";
import { declaredKeys, stackNames, stackValues } from "./stack-config";

const root = resolve(__dirname, "../..");
// What the secrets provider of a stack needs; set up by Pulumi itself.
const OF_PULUMI = ["encryptionsalt", "secretsprovider", "encryptedkey"];
// The one secret, wanted by the target `existing` alone; a plain file can't hold it.
const SECRET_KEY = "existingServerKey";

const declared = declaredKeys();
const expectedKeys = Object.keys(declared)
  .filter((key) => key !== SECRET_KEY)
  .map((key) => `berth:${key}`);

test("every kind of production has a stack file", () => {
  for (const stack of ["dev", "prod", "staging"]) assert.ok(stackNames().includes(stack), stack);
});

for (const stack of stackNames()) {
  test(`Pulumi.${stack}.yaml has the keys of Pulumi.yaml, in their order`, () => {
    const keys = Object.keys(stackValues(stack)).filter((key) => key !== `berth:${SECRET_KEY}`);
    assert.deepEqual(keys, expectedKeys);
  });

  test(`Pulumi.${stack}.yaml has values of the declared types`, () => {
    for (const [key, value] of Object.entries(stackValues(stack))) {
      const type = declared[key.replace(/^berth:/, "")]?.type ?? "";
      assert.equal(typeOf(value), type, key);
    }
  });

  test(`Pulumi.${stack}.yaml holds data only`, () => {
    const document = parseDocument(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8"));
    const top = Object.keys(document.toJS() as object);
    assert.deepEqual(
      top.filter((key) => key !== "config" && !OF_PULUMI.includes(key)),
      [],
    );
    assert.deepEqual(notData(document.contents), []);
  });
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

/** What refers to something else or is worked out: aliases, anchors, tags, placeholders. */
function notData(node: Node | null): string[] {
  if (node === null) return [];
  if (isAlias(node)) return [`*${node.source}`];
  const own = node.tag === undefined ? [] : [node.tag];
  if (isScalar(node)) {
    const text = String(node.value);
    return [...own, ...(/\$\{|\{\{|fn::/.test(text) ? [text] : [])];
  }
  if (isSeq(node)) return [...own, ...node.items.flatMap((item) => notData(item as Node))];
  if (!isMap(node)) return own;
  return [
    ...own,
    ...node.items.flatMap(({ key, value }) => [
      ...notData(key as Node),
      ...notData(value as Node | null),
    ]),
  ];
}
