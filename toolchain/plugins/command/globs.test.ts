import assert from "node:assert/strict";
import { test } from "node:test";
import { globToRegExp } from "./globs";

const cases: [pattern: string, matching: string[], others: string[]][] = [
  ["*.txt", ["a.txt", ".txt"], ["a/b.txt", "a.txtx"]],
  ["**.txt", ["a.txt", "a/b.txt"], ["a.log"]],
  ["a/**/c", ["a/b/c", "a/b/b/c"], ["a/c"]],
  ["?.[ab]", ["x.a", "x.b"], ["x.c", "xx.a", "/.a"]],
  ["[!ab]", ["c"], ["a", "b"]],
  ["{a,b*}.log", ["a.log", "bc.log"], ["c.log", "a,b.log"]],
  ["\\*+(x)", ["*+(x)"], ["a+(x)"]],
];

for (const [pattern, matching, others] of cases) {
  test(`the pattern ${pattern}`, () => {
    const expression = globToRegExp(pattern);
    for (const path of matching) assert.match(path, expression);
    for (const path of others) assert.doesNotMatch(path, expression);
  });
}

test("a pattern without an end is refused", () => {
  assert.throws(() => globToRegExp("{a,b"), /has a "{" without "}"/);
});
