import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { stackNames } from "./stack-config";

const root = resolve(__dirname, "../..");

/** Finds what compares something with a stack's name: a stack is told apart by its configuration alone. */
function conditions(text: string, names: readonly string[]): string[] {
  const name = `(?:${names.join("|")})`;
  const quoted = `["'\`]${name}["'\`]`;
  const patterns = [
    // TypeScript: a === "x", "x" !== a, case "x":
    `[=!]==?\\s*${quoted}`,
    `${quoted}\\s*[=!]==?`,
    `\\bcase\\s+${quoted}`,
    // stack.startsWith("x"), /x/.test(stack), ["x"].includes(stack), map["x"] and map.x by the stack's name
    `[sS]tack\\w*(?:\\(\\))?\\.(?:startsWith|endsWith|includes|match|search)\\(["'\`/][^)]*\\b${name}\\b`,
    `\\b${name}\\b[^/\\n]*/[a-z]*\\.test\\(\\w*[sS]tack`,
    `\\[[^\\]\\n]*${quoted}[^\\]\\n]*\\]\\.includes\\(\\w*[sS]tack`,
    `\\{[^{}\\n]*\\b${name}\\b\\s*:[^{}\\n]*\\}\\[\\w*[sS]tack`,
    // Shell: [[ a == x ]], [ a = "x" ], [[ a =~ ^x ]], case pattern
    `(?:[=!]=|\\s=)\\s+["']?${name}["']?\\s*(?:\\]|&&|\\|\\||\\))`,
    `=~\\s+\\S*\\b${name}\\b`,
    `^\\s*\\(?(?:[\\w*-]+\\s*\\|\\s*)*["']?${name}["']?(?:\\s*\\|\\s*[\\w*-]+)*\\)`,
    // Makefile
    `\\bif(?:n?eq)\\b.*\\b${name}\\b`,
  ];
  const wanted = patterns.map((pattern) => new RegExp(pattern));
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => !/^(?:\/\/|#|\*|\/\*)/.test(line))
    .filter((line) => wanted.some((pattern) => pattern.test(line)));
}

function sources(): string[] {
  return execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => /\.(?:ts|sh)$|^Makefile$/.test(file))
    .filter((file) => !file.startsWith("test/") && !file.endsWith(".test.ts"))
    .filter((file) => existsSync(join(root, file)));
}

test("nothing depends on the name of a stack", () => {
  const found = sources().flatMap((file) =>
    conditions(readFileSync(join(root, file), "utf8"), stackNames()).map(
      (line) => `${file}: ${line}`,
    ),
  );
  assert.deepEqual(found, [], "tell stacks apart by a key of their configuration");
});

test("the program and the commands are among what is looked at", () => {
  const files = sources();
  for (const file of ["index.ts", "config.ts", "commands/up.sh", "host/release.sh", "Makefile"]) {
    assert.ok(files.includes(file), file);
  }
});

const CONDITIONS = [
  'if (stack === "prod") {',
  'const isProd = "prod" == pulumi.getStack();',
  'const option = stack !== "dev" ? a : b;',
  'case "staging":',
  'if (settings.stack.startsWith("prod"))',
  "if (/^prod/.test(stack)) {",
  'if (["dev", "prod"].includes(settings_stack)) {',
  'const size = { dev: "small", prod: "large" }[stack];',
  "[[ $STACK == prod ]] || exit",
  'if [ "$STACK" = "dev" ]; then',
  "[[ $STACK != dev && -n $x ]]",
  "if [[ $STACK =~ ^prod ]]; then",
  "prod | staging) make_it ;;",
  "  staging)",
  "ifeq ($(STACK),prod)",
];
for (const line of CONDITIONS) {
  test(`a condition is seen: ${line.trim()}`, () => {
    assert.equal(conditions(line, ["dev", "prod", "staging"]).length, 1);
  });
}

const OTHERS = [
  'const strict = !acme.server.includes("staging");',
  "STACK=${STACK:-dev}",
  "STACK ?= dev",
  "exec 3<>/dev/tcp/127.0.0.1/80 2>/dev/null; [[ -e /dev/loop0 ]]",
  'printf "make up STACK=prod\\n"',
  'if (target === "droplet") {',
  "ip route show dev eth0 | grep -q default)",
];
for (const line of OTHERS) {
  test(`no condition: ${line}`, () => {
    assert.deepEqual(conditions(line, ["dev", "prod", "staging"]), []);
  });
}
