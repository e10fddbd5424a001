import assert from "node:assert/strict";
import { test } from "node:test";
import type { Display } from "./display";
import type { EngineEvent } from "./events";
import { Tracker } from "./tracker";

const STEP = "command:remote:Command";

function urn(name: string, type = STEP): string {
  return `urn:pulumi:dev::berth::berth:index:Part$${type}::${name}`;
}

function metadata(name: string, op: string, type: string) {
  return { metadata: { urn: urn(name, type), op, type } };
}

const begin = (name: string, op = "create", type = STEP): EngineEvent => ({
  resourcePreEvent: metadata(name, op, type),
});
const done = (name: string, op = "create", type = STEP): EngineEvent => ({
  resOutputsEvent: metadata(name, op, type),
});
const say = (name: string, message: string, severity = "info"): EngineEvent => ({
  diagnosticEvent: { urn: urn(name), message, severity },
});

function follow(events: readonly EngineEvent[], removing = false) {
  const shown: string[] = [];
  const display: Display = {
    started: (title) => void shown.push(`> ${title}`),
    ended: (title, _seconds, outcome) => void shown.push(`${outcome} ${title}`),
    say: (line) => void shown.push(line),
    close: () => undefined,
  };
  const tracker = new Tracker(display, removing, () => 0);
  for (const event of events) tracker.accept(event);
  return { shown, tracker };
}

test("a stage begins with its first change and is over when a later one begins", () => {
  const { shown, tracker } = follow([
    begin("server-machine"),
    done("server-machine"),
    begin("server-ready-wait"),
    done("server-ready-wait"),
    begin("host-install"),
    done("host-install"),
  ]);
  assert.deepEqual(shown, ["> server", "done server", "> host scripts"]);
  tracker.end();
  assert.equal(shown.at(-1), "done host scripts");
});

test("components, providers and what stays the same are no stage", () => {
  const { shown, tracker } = follow([
    begin("server", "create", "berth:index:LocalServer"),
    begin("default", "create", "pulumi:providers:aws"),
    begin("migrate-run", "same"),
    done("migrate-run", "same"),
  ]);
  assert.deepEqual(shown, []);
  assert.deepEqual(tracker.counts, { changed: 0, same: 1 });
});

test("a managed database beside the server does not end the server's stage", () => {
  const { shown } = follow([
    begin("server-network-vpc", "create", "aws:ec2/vpc:Vpc"),
    done("server-network-vpc", "create", "aws:ec2/vpc:Vpc"),
    begin("database-instance", "create", "aws:rds/instance:Instance"),
    begin("server-instance-1", "create", "aws:ec2/instance:Instance"),
  ]);
  assert.deepEqual(shown, ["> server", "> database"]);
});

test("address and records are a stage of their own, though the server makes them", () => {
  const { shown } = follow([
    begin("server-address-assignment", "create", "digitalocean:index:ReservedIpAssignment"),
    begin("server-record-api", "create", "aws:route53/record:Record"),
  ]);
  assert.deepEqual(shown, ["> address, DNS"]);
});

test("what a step says is what is waited for", () => {
  const { tracker } = follow([
    begin("server-ready-wait"),
    say("server-ready-wait", "waiting for cloud-init\n"),
  ]);
  assert.deepEqual(
    tracker.active().map(({ title, detail }) => [title, detail]),
    [["server", "waiting for cloud-init"]],
  );
});

test("a failure keeps all that its step said, and ends the stage as failed", () => {
  const { shown, tracker } = follow([
    begin("migrate-run", "update"),
    say("migrate-run", "settling roles"),
    say("migrate-run", "error: no"),
    say("migrate-run", "exit status 46: ...", "error"),
  ]);
  assert.deepEqual(shown, ["> migrate", "failed migrate"]);
  const [failure] = tracker.failures;
  assert.equal(failure?.stage?.key, "migrate");
  assert.deepEqual(failure.lines, ["settling roles", "error: no"]);
});

test("what was cancelled is shown as stopped", () => {
  const { shown } = follow([begin("migrate-run"), say("migrate-run", "cancelled", "error")]);
  assert.deepEqual(shown, ["> migrate", "stopped migrate"]);
});

test("a notice stays, with the lines below it", () => {
  const { shown } = follow([
    begin("certificate-issue"),
    say("certificate-issue", "notice: waiting up to 300 s for DNS records (name, type, value):"),
    say("certificate-issue", "  shop.test  A  192.0.2.7"),
    say("certificate-issue", "asking for a certificate"),
    say("certificate-issue", "  no part of it"),
  ]);
  assert.deepEqual(shown, [
    "> certificate",
    "  ! waiting up to 300 s for DNS records (name, type, value):",
    "    shop.test  A  192.0.2.7",
  ]);
});

test("a removal goes the way backwards", () => {
  const { shown } = follow(
    [
      begin("host-install", "delete"),
      done("host-install", "delete"),
      begin("server-machine", "delete"),
    ],
    true,
  );
  assert.deepEqual(shown, ["> host scripts", "done host scripts", "> server"]);
});

test("warnings and advisory policies are said at once, mandatory ones are kept for the end", () => {
  const policy = (enforcementLevel: string): EngineEvent => ({
    policyEvent: { enforcementLevel, policyName: "p", message: "m\n", resourceUrn: urn("r") },
  });
  const { shown, tracker } = follow([
    say("r", "careful", "warning"),
    policy("advisory"),
    policy("mandatory"),
  ]);
  assert.deepEqual(shown, ["  ! careful", "  ! [advisory] p: r: m"]);
  assert.deepEqual(tracker.policies, ["[mandatory] p: r: m"]);
});
