import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { renderEnvFile } from "./env-file";

/** Lets the real Compose read the file and fill in a Compose file. */
function throughCompose(variables: Record<string, string>): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "berth-env-"));
  try {
    writeFileSync(join(folder, ".env"), renderEnvFile(variables));
    const environment = Object.fromEntries(
      Object.keys(variables).map((name) => [name, `\${${name}}`]),
    );
    writeFileSync(
      join(folder, "compose.json"),
      JSON.stringify({ name: "env", services: { one: { image: "x", environment } } }),
    );
    const json = execFileSync(
      "docker-compose",
      [
        "-f",
        join(folder, "compose.json"),
        "--env-file",
        join(folder, ".env"),
        "config",
        "--format",
        "json",
        "--no-normalize",
      ],
      // A variable of the environment would go before one of the file.
      { encoding: "utf8", env: { PATH: process.env.PATH, HOME: process.env.HOME } },
    );
    const project = JSON.parse(json) as {
      services: { one: { environment: Record<string, string> } };
    };
    // Compose prints a literal dollar doubled, so that its output is a valid Compose file again.
    return Object.fromEntries(
      Object.entries(project.services.one.environment).map(([name, value]) => [
        name,
        value.replaceAll("$$", "$"),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("hostile values reach Compose unchanged", () => {
  const variables = {
    QUOTES: `it's "quoted"`,
    DOLLAR: "a$b${HOME}$(id)",
    BACKSLASH: "a\\nb\\\\c\\",
    BACKTICK: "`id`",
    PERCENT: "%s%20",
    HASH: "a # b",
    LINES: "one\ntwo\r\nthree",
    SQL: "'; DROP TABLE users; --",
    SPACES: "  both ends  ",
    EMPTY: "",
    UNICODE: "Grüße 🔋",
    EQUALS: "a=b=c",
  };
  assert.deepEqual(throughCompose(variables), variables);
});

test("two hundred random values reach Compose unchanged", () => {
  const alphabet = `abcXYZ019'"\`$\\%#;:=&|<>(){}[]!?*~ \t\n`;
  let state = 20261121;
  const next = (below: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % below;
  };
  const variables = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [
      `V${index}`,
      Array.from({ length: next(60) }, () => alphabet[next(alphabet.length)]).join(""),
    ]),
  );
  assert.deepEqual(throughCompose(variables), variables);
});

test("a name that is none is refused", () => {
  assert.throws(() => renderEnvFile({ "A B": "x" }), {
    message: 'variable "A B": allowed are letters, digits and underscores, no digit first',
  });
});

test("a NUL is refused without showing the value", () => {
  assert.throws(() => renderEnvFile({ KEY: "geheim\0" }), {
    message: "variable KEY: its value holds a NUL character; take it out",
  });
});
