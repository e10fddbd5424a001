import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ended, projectRoot } from "../support/script";
import { findings } from "./workflow-rules";

const folder = join(projectRoot, ".github/workflows");
const texts = new Map(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
);

/** Runs a linter on a folder that holds one changed workflow. */
async function linted(
  command: "actionlint" | "zizmor",
  name: string,
  text: string,
): Promise<{ code: number | null; printed: string }> {
  const copy = mkdtempSync(join(tmpdir(), "act-workflows-"));
  try {
    mkdirSync(join(copy, ".github/workflows"), { recursive: true });
    const file = join(copy, ".github/workflows", name);
    writeFileSync(file, text);
    const args = command === "zizmor" ? ["--offline", "--no-progress", file] : [file];
    const { code, stdout, stderr } = await ended(command, args);
    return { code, printed: stdout + stderr };
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function changed(name: string, from: string | RegExp, to: string): string {
  const text = texts.get(name) ?? "";
  const result = text.replace(from, to);
  assert.notEqual(result, text, `the change of ${name} changes nothing`);
  return result;
}

test("there is a workflow for each way a stack is worked on", () => {
  assert.deepEqual([...texts.keys()].sort(), [
    "destroy.yml",
    "drift.yml",
    "preview.yml",
    "prod.yml",
    "staging.yml",
  ]);
});

test("actionlint finds nothing", async () => {
  const { code, stdout, stderr } = await ended("actionlint", []);
  assert.deepEqual([code, stdout + stderr], [0, ""]);
});

test("zizmor finds nothing", async () => {
  const { code, stdout } = await ended("zizmor", ["--offline", "--no-progress", ".github"]);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /No findings/);
});

test("the workflows keep the project's own rules", () => {
  assert.deepEqual(
    [...texts].flatMap(([name, text]) => findings(name, text)),
    [],
  );
});

test("every script that a workflow runs is there and can be run", () => {
  for (const [name, text] of texts) {
    for (const [, script = ""] of text.matchAll(/run: (ci\/[a-z-]+\.sh)/g)) {
      assert.ok(existsSync(join(projectRoot, script)), `${name} runs ${script}`);
    }
  }
});

test("a workflow with a wrong expression is found by actionlint", async () => {
  const { code, printed } = await linted(
    "actionlint",
    "staging.yml",
    changed("staging.yml", "github.sha", "github.shaa"),
  );
  assert.equal(code, 1, printed);
  assert.match(printed, /property "shaa" is not defined/);
});

test("an action by its tag alone, and a kept token, are found by zizmor", async () => {
  const unpinned = changed("prod.yml", /checkout@[0-9a-f]{40} # v6\.0\.0/, "checkout@v6");
  const first = await linted("zizmor", "prod.yml", unpinned);
  assert.notEqual(first.code, 0);
  assert.match(first.printed, /unpinned-uses/);
  const kept = changed("prod.yml", /\n {8}with:\n {10}persist-credentials: false/, "");
  const second = await linted("zizmor", "prod.yml", kept);
  assert.notEqual(second.code, 0);
  assert.match(second.printed, /artipacked/);
});

const BREACHES: [string, string, string | RegExp, string, RegExp][] = [
  [
    "a trigger with a fork's code and our secrets",
    "preview.yml",
    "pull_request:",
    "pull_request_target:",
    /pull_request_target/,
  ],
  [
    "rights for every job",
    "drift.yml",
    "permissions: {}",
    "permissions: write-all",
    /not \{\} at the top/,
  ],
  [
    "a deploy that is cancelled",
    "prod.yml",
    "cancel-in-progress: false",
    "cancel-in-progress: true",
    /cancels what runs/,
  ],
  ["no concurrency group", "destroy.yml", /concurrency:\n.*\n.*\n/, "", /no concurrency group/],
  [
    "an action without its version",
    "staging.yml",
    " # v5.1.0",
    "",
    /not pinned by a hash with its version/,
  ],
  [
    "a plan for forks",
    "preview.yml",
    /github\.event\.pull_request\.head\.repo\.full_name == github\.repository/,
    "true",
    /job plan runs for forks/,
  ],
  [
    "secrets outside of an environment",
    "staging.yml",
    "    environment: staging\n",
    "",
    /job deploy reads secrets outside/,
  ],
  [
    "an SSH rule that stays",
    "staging.yml",
    /if: always\(\)\n {8}run: ci\/ssh-rule/,
    "if: success()\n        run: ci/ssh-rule",
    /does not take the SSH rule away/,
  ],
  [
    "a right that nobody needs",
    "drift.yml",
    "contents: read",
    "contents: write",
    /job drift has contents: write/,
  ],
  [
    "a command of its own",
    "prod.yml",
    "run: ci/deploy.sh",
    "run: pulumi up --yes",
    /runs "pulumi up --yes"/,
  ],
];

for (const [what, name, from, to, finding] of BREACHES) {
  test(`a breach is found: ${what}`, () => {
    const found = findings(name, changed(name, from, to));
    assert.ok(
      found.some((line) => finding.test(line)),
      `found only: ${found.join("\n")}`,
    );
  });
}

test("what changes a stack takes its turn in one group of that stack", () => {
  for (const [name, group] of [
    ["staging.yml", "stack-staging"],
    ["prod.yml", "stack-prod"],
    ["destroy.yml", "stack-${{ inputs.stack }}"],
  ]) {
    assert.ok(texts.get(name ?? "")?.includes(`group: ${group ?? ""}`), name);
  }
});
