import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { exposureTests } from "./exposure";
import { hostileTests } from "./hostile";
import { leakTests } from "./leaks";
import { SEED } from "./support/hostile-values";
import { ObservedStack } from "./support/observed-stack";

const stack = new ObservedStack();
let status: number | null = null;

before(async () => {
  status = await stack.up();
  if (status === 0) await stack.readSecrets();
});
after(() => stack.remove());

test("with hostile values and an open database, make up brings the stack up", () => {
  assert.equal(status, 0, `seed ${SEED}: ${stack.printed.get("make up") ?? ""}`);
  assert.equal(stack.printed.get("observation"), undefined);
});

hostileTests(stack);
exposureTests(stack);
leakTests(stack);
