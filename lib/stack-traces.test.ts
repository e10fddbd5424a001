import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { leaveMarksUnmapped } from "./stack-traces";

const traces: { prepareStackTrace?: (error: Error, frames: NodeJS.CallSite[]) => string } = Error;
const { prepareStackTrace: original } = traces;
afterEach(() => {
  traces.prepareStackTrace = original;
});

function withMapping(environment: NodeJS.ProcessEnv): void {
  traces.prepareStackTrace = (error) => `${error.message}: mapped`;
  leaveMarksUnmapped(environment);
}

test("an error with a message is shown with its lines", () => {
  withMapping({});
  assert.equal(new Error("wrong").stack, "wrong: mapped");
});

test("a mark of Pulumi's, an error without a message, is not mapped", () => {
  withMapping({});
  assert.equal(new Error().stack, "Error");
});

test("all are mapped where promise leaks are looked for", () => {
  withMapping({ PULUMI_DEBUG_PROMISE_LEAKS: "true" });
  assert.equal(new Error().stack, ": mapped");
});

test("without a mapping nothing is changed", () => {
  traces.prepareStackTrace = undefined;
  leaveMarksUnmapped({});
  assert.equal(traces.prepareStackTrace, undefined);
});
