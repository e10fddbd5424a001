import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { projectRoot } from "../support/script";
import { SmallStack } from "./small-stack";

const stack = new SmallStack("act");
const plan = join(projectRoot, "artifacts/plan-act.md");
let password = "";

before(async () => {
  const { code, stdout, stderr } = await stack.run("ci/deploy.sh");
  assert.equal(code, 0, stdout + stderr);
  const shown = await stack.pulumi("stack", "output", "password", "--show-secrets");
  password = shown.stdout.trim();
  assert.equal(password.length, 40, shown.stderr);
});

after(() => stack.dispose());

test("a deploy says what runs, shows no secret, and a second one changes nothing", async () => {
  assert.match(stack.summary, /Stack act runs release act/);
  assert.match(stack.summary, /- main: https:\/\/small\.localhost/);
  const { code, stdout, stderr } = await stack.run("ci/deploy.sh");
  assert.equal(code, 0, stdout + stderr);
  assert.doesNotMatch(stdout, /created|updated/);
  assert.ok(!(stdout + stderr + stack.summary).includes(password));
});

test("a release that was not built is not deployed", async () => {
  const { code, stderr } = await stack.run("ci/deploy.sh", { RELEASE: "act-none" });
  assert.equal(code, 65);
  assert.match(stderr, /there is no releases\/act-none\.json; build it/);
});

test("a release whose name is no file name is not built", async () => {
  const { code, stderr } = await stack.run("ci/build.sh", { RELEASE: "../prod" });
  assert.equal(code, 64);
  assert.match(stderr, /RELEASE is "\.\.\/prod"; allowed are letters/);
});

test("the plan of a stack as the tree says has no changes", async () => {
  const { code, stdout, stderr } = await stack.run("ci/preview.sh");
  assert.equal(code, 0, stdout + stderr);
  assert.match(
    readFileSync(plan, "utf8"),
    /^<!-- berth: plan of act -->\n### Plan of stack `act`: no changes/,
  );
});

test("the plan of a change names it, and neither it nor the log shows a secret", async () => {
  stack.configure("echo changed");
  const { code, stdout, stderr } = await stack.run("ci/preview.sh");
  assert.equal(code, 0, stdout + stderr);
  const text = readFileSync(plan, "utf8");
  assert.match(text, /: ~ 1 to update/);
  assert.match(text, /"true" => "echo changed"/);
  assert.ok(stack.summary.includes(text));
  assert.ok(!(text + stdout + stderr).includes(password));
});

test("drift is named and ends with its own code; without any it is 0", async () => {
  const differing = await stack.run("ci/drift.sh");
  assert.equal(differing.code, 8, differing.stderr);
  assert.match(differing.stdout, /- update `step` \(command:local:Command\) \(create\)/);
  assert.match(stack.summary, /Drift of stack `act`: something differs/);
  stack.configure("true");
  const none = await stack.run("ci/drift.sh");
  assert.equal(none.code, 0, none.stderr);
  assert.match(none.stdout, /Drift of stack `act`: none/);
});

test("a release that fails its checks is drift", async () => {
  const { code, stdout } = await stack.run("ci/drift.sh", { CHECKS: "yes" });
  assert.equal(code, 8);
  assert.match(stdout, /The checks of the running release failed/);
});

test("a preview that fails leaves a plan that says so", async () => {
  stack.configure();
  const { code } = await stack.run("ci/preview.sh");
  stack.configure("true");
  assert.notEqual(code, 0);
  const text = readFileSync(plan, "utf8");
  assert.match(text, /the preview failed/);
  assert.match(text, /Missing required configuration variable/);
});

test("scripts without a stack, or with an unknown one, say what to give", async () => {
  const none = await stack.run("ci/drift.sh", { STACK: "" });
  assert.equal(none.code, 64);
  assert.match(none.stderr, /STACK is not set/);
  const unknown = await stack.run("ci/drift.sh", { STACK: "nowhere" });
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /there is no Pulumi\.nowhere\.yaml; stacks: act/);
});

test("no script leaves a passphrase or a release of the stack behind", () => {
  const left = readdirSync(join(projectRoot, "releases")).filter((name) =>
    name.startsWith("deployed-act"),
  );
  assert.deepEqual(left, []);
});

test("every CI script can be run and stops at its first error", () => {
  for (const name of readdirSync(join(projectRoot, "ci")).filter((file) => file.endsWith(".sh"))) {
    const file = join(projectRoot, "ci", name);
    const text = readFileSync(file, "utf8");
    assert.ok((statSync(file).mode & 0o111) !== 0, `${name} can't be run`);
    if (name !== "environment.sh") assert.match(text, /^set -euo pipefail$/m, name);
    assert.doesNotMatch(text, /set -[a-z]*x|--show-secrets/, name);
  }
  assert.ok(existsSync(join(projectRoot, "ci/environment.sh")));
});
