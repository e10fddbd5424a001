import assert from "node:assert/strict";
import { test } from "node:test";
import { buildCause } from "./build-stage";
import { renderFailure, type FailedCommand } from "./failure";
import { stage } from "./stages";
import type { Failure } from "./tracker";

const stream = { isTTY: false };

function render(failures: readonly Failure[], more: Partial<FailedCommand> = {}): string {
  return renderFailure(stream, {
    stack: "dev",
    target: "local",
    action: "up",
    failures,
    policies: [],
    stderr: "",
    logFile: "/cache/log/up.log",
    ...more,
  });
}

function failure(key: string, lines: readonly string[], message = "exit status 1"): Failure {
  return { stage: stage(key), resource: `${key}-run`, lines, message };
}

const numbered = Array.from({ length: 60 }, (_, index) => `line ${index + 1}`);

test("stage, last lines of the cause, what is kept, next command, log", () => {
  const text = render([failure("migrate", [...numbered, "error: the migration failed"])]);
  assert.match(text, /^\nmake up failed at: migrate\n {2}\| line 38\n/);
  assert.match(text, / {2}\| error: the migration failed\nKept: {2}nothing was switched/);
  assert.match(text, /\nNext: {2}put right what is said above, then: make up STACK=dev\n/);
  assert.match(text, /\nLog: {3}\/cache\/log\/up\.log\n$/);
});

test("all findings of pre-flight are shown, however many", () => {
  const text = render([failure("preflight", [...numbered, "error: 60 findings"])]);
  assert.match(text, /\| line 1\n/);
});

test("broken policies are shown, all of them", () => {
  const policies = numbered.map((line) => `[mandatory] ${line}`);
  const text = render([{ resource: "", lines: [], message: "update failed" }], { policies });
  assert.doesNotMatch(text, /update failed/);
  assert.match(text, /\| \[mandatory\] line 1\n/);
  assert.match(text, /\| \[mandatory\] line 60\n/);
});

test("a configuration that can't be used is shown whole, and nothing was begun", () => {
  const message = `the configuration of stack dev can't be used:\n${numbered.join("\n")}`;
  const text = render([{ resource: "", lines: [], message }]);
  assert.match(text, /\| line 1\n/);
  assert.match(text, /Kept: {2}everything: nothing was begun/);
  assert.match(text, /Next: {2}correct Pulumi\.dev\.yaml/);
});

test("a step that was cut off says how, after its own words", () => {
  const text = render([
    failure("images", ["sending api ..."], "the connection broke before the command ended\nmore"),
  ]);
  assert.match(text, /\| sending api \.\.\.\n {2}\| the connection broke/);
});

test("the engine's closing words do not hide what failed", () => {
  const closing = { resource: "", lines: [], message: "update failed" };
  const text = render([closing, failure("release", ["error: service api is unhealthy"])]);
  assert.match(text, /failed at: release\n/);
  assert.doesNotMatch(text, /update failed/);
});

test("further failures follow under the name of their resource", () => {
  const text = render([failure("server", ["error: a"]), failure("database", ["error: b"])]);
  assert.match(text, /\| error: a\n {2}\|\n {2}\| database-run:\n {2}\| error: b\n/);
});

test("what no resource says is what the engine printed", () => {
  const text = render([], { stderr: "error: the stack is currently locked by 1 lock(s)\n" });
  assert.match(text, /\| error: the stack is currently locked/);
  assert.match(text, /Next: {2}wait until .*make recover STACK=dev/);
});

test("after a failed first boot the server is made anew, in the way of its target", () => {
  const lines = ["error: the server's first boot failed (cloud-init status 1):"];
  assert.match(render([failure("server", lines)]), /make down STACK=dev, and make up STACK=dev/);
  assert.match(
    render([failure("server", lines)], { target: "ec2", stack: "staging" }),
    /raise serverGeneration in Pulumi\.staging\.yaml, then: make up STACK=staging/,
  );
});

test("what is to be repeated is what was typed", () => {
  const next = (action: string, target: string, stack: string): string =>
    /Next: .*, then: (.*)\n/.exec(
      render([failure("server", ["error: x"])], { action, target, stack }),
    )?.[1] ?? "";
  assert.equal(next("destroy", "droplet", "prod"), "make destroy STACK=prod CONFIRM=prod");
  assert.equal(next("destroy", "local", "dev"), "make down STACK=dev");
  process.env.BERTH_SIMULATOR = "/simulator";
  assert.equal(next("up", "droplet", "prod"), "make rehearse STACK=prod");
  assert.equal(next("destroy", "droplet", "prod"), "make rehearse STACK=prod ACTION=destroy");
  delete process.env.BERTH_SIMULATOR;
});

test("wrong DNS records are to be made", () => {
  const text = render([failure("certificate", ["error: not all names"], "exit status 73: x")]);
  assert.match(text, /make the DNS records that are named above/);
});

test("no escape code leaves a log, not even one that a step wrote", () => {
  const text = render([failure("build", ["\u001b[31merror: red\u001b[0m"])]);
  assert.ok(!text.includes("\u001b"));
});

test("of a build that failed, the step and its last lines are shown once", () => {
  const message = [
    "while building image shop/api:",
    "#18 0.3 broken",
    "------",
    " > [8/8] RUN false:",
    "0.3 broken",
    "------",
    "ERROR: failed to build",
  ].join("\n");
  assert.deepEqual(buildCause(message), [
    "while building image shop/api:",
    " > [8/8] RUN false:",
    "0.3 broken",
    "ERROR: failed to build",
  ]);
  assert.deepEqual(buildCause("compose.yaml: it does not parse"), [
    "compose.yaml: it does not parse",
  ]);
});

test("a resource that said nothing itself is named", () => {
  const volume = { stage: stage("server"), resource: "server-volume", lines: [] };
  const text = render([{ ...volume, message: "422: no such region" }]);
  assert.match(text, /failed at: server\n {2}\| server-volume:\n {2}\| 422: no such region\n/);
});
