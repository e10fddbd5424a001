import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { execFile } from "node:child_process";
import * as aws from "../../simulator/aws/kinds";
import * as digitalocean from "../../simulator/digitalocean/records";
import { eventually } from "../e2e/support/server";
import { startCloud, TOKEN, type SimulatedCloud } from "./simulated-cloud";

const TREE = join(__dirname, "../..");
const HOUR = 3600 * 1000;

const project = mkdtempSync(join(tmpdir(), "pre-rule-"));
const FILES = {
  prod: "target: droplet\n  berth:region: fra1",
  staging: "target: ec2\n  berth:region: eu-central-1",
  dev: "target: local",
};
for (const [stack, lines] of Object.entries(FILES)) {
  const text = `config:\n  berth:${lines}\n  berth:app: apps/battery-hub\n`;
  writeFileSync(join(project, `Pulumi.${stack}.yaml`), text);
}

let cloud: SimulatedCloud;
before(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud.empty());
after(async () => {
  await cloud.stop();
  rmSync(project, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly output: string;
}

function rule(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const run = { GITHUB_RUN_ID: "1234", BERTH_PROJECT: project };
  const options = { cwd: TREE, env: { ...process.env, ...cloud.env, ...run, ...env } };
  const node = ["--import", "tsx", "ci/ssh-rule.ts", ...args];
  return new Promise((resolve) =>
    execFile(process.execPath, node, options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    ),
  );
}

describe("the runner's rule at DigitalOcean", () => {
  const firewalls = () => cloud.state.list(digitalocean.firewalls);
  const have = (name: string, ageHours: number) =>
    cloud.state.put(digitalocean.firewalls, name, {
      id: name,
      name,
      outputs: { createdAt: new Date(Date.now() - ageHours * HOUR).toISOString() },
    });

  test("opens port 22 to one address for the server's tag, and closes it, twice", async () => {
    const opened = await rule(["open", "prod"]);
    assert.equal(opened.code, 0, opened.output);
    assert.match(opened.output, /SSH is open to 203.0.113.7\/32 \(berth-prod-runner-1234\)/);
    const [{ name, outputs }] = firewalls() as [ReturnType<typeof firewalls>[number]];
    assert.equal(name, "berth-prod-runner-1234");
    assert.deepEqual(outputs["tags"], ["berth-battery-hub-prod"]);
    assert.deepEqual(outputs["inboundRules"], [
      { protocol: "tcp", portRange: "22", sourceAddresses: ["203.0.113.7/32"], sourceTags: [] },
    ]);
    assert.match((await rule(["close", "prod"])).output, /closed berth-prod-runner-1234/);
    assert.deepEqual(firewalls(), []);
    const again = await rule(["close", "prod"]);
    assert.deepEqual([again.code, again.output], [0, "  no rule of this run is left\n"]);
  });

  test("replaces the run's own rule, as its runner may have another address now", async () => {
    await rule(["open", "prod"], { BERTH_CALLER_ADDRESS: "198.51.100.1" });
    const { code, output } = await rule(["open", "prod"]);
    assert.equal(code, 0, output);
    assert.match(output, /removed berth-prod-runner-1234, left over/);
    assert.equal(firewalls().length, 1);
    assert.match(JSON.stringify(firewalls()), /203.0.113.7\/32/);
  });

  test("removes what dead runs left for over six hours, and nothing else", async () => {
    have("berth-prod-runner-1", 7);
    have("berth-prod-runner-2", 5);
    have("berth-prod-runner-eu-runner-3", 7);
    have("berth-staging-runner-4", 7);
    have("battery-hub-prod", 7);
    const { output } = await rule(["open", "prod"]);
    assert.match(output, /removed berth-prod-runner-1, left over/);
    const names = firewalls().map(({ name }) => name);
    assert.deepEqual(names.sort(), [
      "battery-hub-prod",
      "berth-prod-runner-1234",
      "berth-prod-runner-2",
      "berth-prod-runner-eu-runner-3",
      "berth-staging-runner-4",
    ]);
  });

  test("stops at a wrong token without showing it", async () => {
    const { code, output } = await rule(["open", "prod"], { DIGITALOCEAN_TOKEN: "dop_v1_wrong" });
    assert.deepEqual([code, output], [1, "error: Unable to authenticate you\n"]);
    assert.ok(!output.includes(TOKEN));
  });
});

describe("the runner's rule at AWS", () => {
  const rules = () => cloud.state.list(aws.ingressRules);
  const haveGroup = (id: string, name: string, stack: string) =>
    cloud.state.put(aws.securityGroups, id, {
      id,
      outputs: { name, description: "", vpcId: "vpc-1", tagsAll: { "berth:stack": stack } },
    });
  const haveRule = (id: string, group: string, description: string) =>
    cloud.state.put(aws.ingressRules, id, {
      id,
      outputs: {
        securityGroupId: group,
        ipProtocol: "tcp",
        fromPort: 22,
        toPort: 22,
        cidrIpv4: `192.0.2.${rules().length}/32`,
        description,
      },
    });

  test("opens port 22 to one address in the server's group, and closes it, twice", async () => {
    haveGroup("sg-1", "battery-hub-staging-server", "staging");
    haveGroup("sg-2", "battery-hub-staging-database", "staging");
    haveGroup("sg-3", "battery-hub-prod-server", "prod");
    const { code, output } = await rule(["open", "staging"]);
    assert.equal(code, 0, output);
    const [{ outputs }] = rules() as [ReturnType<typeof rules>[number]];
    assert.equal(outputs["securityGroupId"], "sg-1");
    assert.equal(outputs["cidrIpv4"], "203.0.113.7/32");
    assert.deepEqual([outputs["fromPort"], outputs["toPort"]], [22, 22]);
    assert.match(
      JSON.stringify(outputs["description"]),
      /^"berth-staging-runner-1234 \d{4}-\d\d-\d\dT/,
    );
    assert.match((await rule(["close", "staging"])).output, /closed berth-staging-runner-1234/);
    assert.deepEqual(rules(), []);
    assert.equal((await rule(["close", "staging"])).code, 0);
  });

  test("removes what dead runs left for over six hours, and nothing else", async () => {
    haveGroup("sg-1", "battery-hub-staging-server", "staging");
    const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
    haveRule("sgr-1", "sg-1", `berth-staging-runner-1 ${ago(7)}`);
    haveRule("sgr-2", "sg-1", `berth-staging-runner-2 ${ago(5)}`);
    haveRule("sgr-3", "sg-1", "");
    const { output } = await rule(["open", "staging"]);
    assert.match(output, /removed berth-staging-runner-1, left over/);
    assert.deepEqual(rules().length, 3);
    assert.equal(cloud.state.get(aws.ingressRules, "sgr-1"), undefined);
  });

  test("has nothing to open or close where there is no server yet", async () => {
    const opened = await rule(["open", "staging"]);
    assert.deepEqual(
      [opened.code, opened.output],
      [0, "  stack staging has no server yet: nothing to open\n"],
    );
    assert.equal((await rule(["close", "staging"])).code, 0);
  });

  test("waits for the group where asked to", async () => {
    const before = cloud.answered;
    const opening = rule(["open", "staging", "300"]);
    await eventually("it asked for the group", 120, () => cloud.answered > before);
    haveGroup("sg-1", "battery-hub-staging-server", "staging");
    assert.match((await opening).output, /SSH is open to 203.0.113.7\/32/);
  });
});

describe("ci/ssh-rule", () => {
  test("has nothing to do for a server that is in no cloud", async () => {
    const { code, output } = await rule(["open", "dev"]);
    assert.equal(code, 0);
    assert.match(output, /target local.*nothing to do/);
  });

  for (const [what, args, env] of [
    ["an unknown action", ["shut", "prod"], {}],
    ["no stack", ["open"], {}],
    ["no run", ["open", "prod"], { GITHUB_RUN_ID: "" }],
    ["a run that is no word", ["open", "prod"], { GITHUB_RUN_ID: "1 2" }],
  ] as const) {
    test(`refuses ${what}`, async () => {
      assert.equal((await rule(args, env)).code, 2);
    });
  }

  test("tells of a stack without a file, and of an address that is not IPv4", async () => {
    const missing = await rule(["open", "other"]);
    assert.equal(missing.code, 1);
    assert.match(missing.output, /there is no .*Pulumi.other.yaml/);
    const { code, output } = await rule(["open", "prod"], { BERTH_CALLER_ADDRESS: "2001:db8::1" });
    assert.equal(code, 1);
    assert.match(output, /2001:db8::1 is not IPv4/);
  });
});
