import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEvent } from "./events";

test("debug messages, which hold secrets, are not even read", () => {
  const line =
    '{"sequence":3,"timestamp":1,"diagnosticEvent":{"prefix":"debug: ","message":"a secret: 1","color":"never","severity":"debug"}}';
  assert.equal(parseEvent(line), undefined);
  // Braces in the message take the slow way to the same end.
  assert.equal(parseEvent(line.replace("a secret", "{a secret}")), undefined);
});

test("what is no event is none", () => {
  assert.equal(parseEvent("warning: something"), undefined);
  assert.equal(parseEvent("{half"), undefined);
});

test("an event is read", () => {
  const line = '{"sequence":1,"timestamp":1,"diagnosticEvent":{"message":"m","severity":"info"}}';
  assert.equal(parseEvent(line)?.diagnosticEvent?.message, "m");
});
