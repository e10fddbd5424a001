import assert from "node:assert/strict";

/** Expects one finding, of a check, that says this. */
export function expectOne(found: readonly string[], check: string, words: RegExp): void {
  assert.equal(found.length, 1, found.join("\n"));
  const form = `^${check}: .*; .*; skip it with skipPreflight: \\[${check}\\]$`;
  assert.match(found[0]!, new RegExp(form));
  assert.match(found[0]!, words);
}
