import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { renderStepInput } from "./step-input";

const reader = join(__dirname, "..", "host", "lib", "inputs.sh");

/** Reads values as a host script does and prints them, each ended by a NUL. */
function readBack(
  names: string[],
  stdin: string,
): { status: number | null; stderr: string; values: string[] } {
  const script =
    'set -euo pipefail; source "$0"; read_inputs "$@"; for n in "$@"; do n=${n%\\?}; printf "%s\\0" "${!n}"; done';
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script, reader, ...names], {
    input: stdin,
    encoding: "utf8",
  });
  return { status, stderr, values: stdout.split("\0").slice(0, -1) };
}

test("values of every kind arrive unchanged in a host script", () => {
  const values = {
    A: "",
    B: "one\ntwo\n\n",
    C: `'"$(id)\`id\` %s \\n`,
    D: "ü🔋",
    E: "x".repeat(100_000),
  };
  const read = readBack(Object.keys(values), renderStepInput(values));
  assert.deepEqual(read, { status: 0, stderr: "", values: Object.values(values) });
});

test("a name that no shell variable may have is refused", () => {
  assert.throws(() => renderStepInput({ "a-b": "x" }), {
    message: 'step input "a-b": allowed are upper case letters, digits and underscores',
  });
});

test("a value that the script does not know is refused by name, without the value", () => {
  const { status, stderr } = readBack(["A"], renderStepInput({ A: "1", SECRET: "geheim" }));
  assert.equal(status, 64);
  assert.equal(stderr, "error: value SECRET is not known here; allowed: A\n");
});

test("a missing value is refused, one marked with ? is empty", () => {
  const { status, stderr } = readBack(["A", "B"], renderStepInput({ A: "1" }));
  assert.equal(status, 64);
  assert.equal(stderr, "error: value B is missing on stdin\n");
  assert.deepEqual(readBack(["A", "B?"], renderStepInput({ A: "1" })).values, ["1", ""]);
});

test("a line of another form is refused without showing it", () => {
  const { status, stderr } = readBack(["A"], "A=not base64!\n");
  assert.equal(status, 64);
  assert.equal(stderr, "error: the values on stdin hold a line that is not NAME=<base64>\n");
});
