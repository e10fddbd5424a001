import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { oneLine, paint, PlainDisplay, renderSeconds } from "./display";

function terminal(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const stream = new PassThrough();
  return {
    stream: Object.assign(stream, { isTTY }) as unknown as NodeJS.WriteStream,
    text: () => String(stream.read() ?? ""),
  };
}

test("without a terminal a stage has a line at its begin and one at its end", () => {
  const { stream, text } = terminal(false);
  const display = new PlainDisplay(stream, () => []);
  display.started("server");
  display.ended("server", 31.24, "done");
  display.ended("checks", 0.44, "failed", "why");
  display.close();
  assert.equal(text(), "  > server\n  ✓ server            31 s\n  ✗ checks           0.4 s  why\n");
});

test("colours need a terminal and no NO_COLOR", () => {
  const before = process.env.NO_COLOR;
  try {
    delete process.env.NO_COLOR;
    assert.equal(paint(terminal(false).stream, "red", "x"), "x");
    assert.equal(paint(terminal(true).stream, "red", "x"), "\u001b[31mx\u001b[39m");
    process.env.NO_COLOR = "1";
    assert.equal(paint(terminal(true).stream, "red", "x"), "x");
  } finally {
    if (before === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = before;
  }
});

test("a detail is one line that fits", () => {
  assert.equal(
    oneLine("waiting\n for \u001b[1mcloud-init\u001b[0m ", 80),
    "waiting for cloud-init",
  );
  assert.equal(oneLine("abcdef", 4), "abc…");
});

test("times are short", () => {
  assert.deepEqual([0.04, 9.96, 12.4, 75.5].map(renderSeconds), [
    "0.0 s",
    "10.0 s",
    "12 s",
    "76 s",
  ]);
});
