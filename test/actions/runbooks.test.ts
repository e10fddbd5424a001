import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { projectRoot } from "../support/script";

const folder = join(projectRoot, "docs/runbooks");
const pages = new Map(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
);
const targets = readFileSync(join(projectRoot, "Makefile"), "utf8").matchAll(/^([a-z]+):/gm);
const makes = new Set([...targets].map(([, target]) => target));
const { config } = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as {
  config: Record<string, unknown>;
};

for (const [name, text] of pages) {
  test(`${name}: what it says to type is there`, () => {
    const typed = [
      ...[...text.matchAll(/```sh\n([^`]*)```/g)].flatMap(([, block = ""]) => block.split("\n")),
      ...[...text.matchAll(/`(make [^`]+|pulumi [^`]+)`/g)].map(([, line = ""]) => line),
    ];
    for (const line of typed) {
      const target = /^make ([a-z]+)/.exec(line)?.[1];
      if (line.startsWith("make ")) assert.ok(makes.has(target), `make has no target: ${line}`);
      const key = /^pulumi config set (?:--\S+ )?([A-Za-z]+)/.exec(line)?.[1];
      if (key !== undefined) assert.ok(key in config, `no setting ${key}: ${line}`);
    }
  });

  test(`${name}: its links lead to pages`, () => {
    for (const [, link = ""] of text.matchAll(/\]\(([^)]+\.md)\)/g)) {
      assert.ok(existsSync(join(folder, link)), link);
    }
  });
}

test("every page is in the index", () => {
  const index = pages.get("README.md") ?? "";
  for (const name of pages.keys()) {
    if (name !== "README.md") assert.ok(index.includes(`(${name})`), name);
  }
});
