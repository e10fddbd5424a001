import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { reservedIps, volumes, vpcs } from "../../simulator/digitalocean/records";
import { eventually } from "../e2e/support/server";
import { startCloud, type SimulatedCloud } from "../preflight/simulated-cloud";
import { output } from "../support/script";
import { SmallStack } from "./small-stack";

const CONFIRM = "act-cloud";
let cloud: SimulatedCloud;
let stack: SmallStack;

before(async () => {
  cloud = await startCloud();
  stack = new SmallStack(CONFIRM, {
    program: "cloud",
    plugin: await output("simulator/build.sh", ["digitalocean"]),
    environment: { ...cloud.env, BERTH_SIMULATOR: cloud.state.folder },
  });
  assert.equal((await stack.pulumi("stack", "init")).code, 0);
});

// The server first: without a stack it would be left, and keep this process.
after(async () => {
  await cloud.stop();
  stack.dispose();
});

/** Kills an `up` while the cloud makes the resource of this name, and waits until it has made it nevertheless. */
async function killWhileMaking(name: string, isMade: () => boolean): Promise<void> {
  cloud.state.writeFile("held", true);
  cloud.state.writeFile("faults.json", [{ kind: "held", operation: "create", name }]);
  const up = stack.start("up", "--yes", "--skip-preview");
  await eventually(`the cloud is asked for ${name}`, 180, () => {
    const [fault] = cloud.state.readFile("faults.json") as { seen?: number }[];
    return fault?.seen === 1;
  });
  const ended = new Promise((done) => up.on("exit", done));
  up.kill("SIGKILL");
  await ended;
  rmSync(join(cloud.state.folder, "held"));
  await eventually(`${name} is made after all`, 120, isMade);
  cloud.state.writeFile("faults.json", []);
}

test("a network made by an up that was killed enters the state, and is not made twice", async () => {
  await killWhileMaking("network", () => cloud.state.list(vpcs).length === 1);
  const [made] = cloud.state.list(vpcs);

  const { code, stdout, stderr } = await stack.run("commands/recover.sh");
  assert.equal(code, 0, stdout + stderr);
  assert.match(stderr, /Vpc network: was made \(.*\), and is in the state now/);
  assert.deepEqual(cloud.state.list(vpcs), [made]);
});

test("so does a volume, whose data stays what it was", async () => {
  await killWhileMaking("data", () => cloud.state.list(volumes).length === 1);
  const [made] = cloud.state.list(volumes);

  const { code, stdout, stderr } = await stack.run("commands/recover.sh");
  assert.equal(code, 0, stdout + stderr);
  assert.deepEqual(cloud.state.list(volumes), [made]);
});

test("an address has no name: recover says which it may be, and takes none", async () => {
  await killWhileMaking("address", () => cloud.state.list(reservedIps).length === 1);
  const [made] = cloud.state.list(reservedIps);

  const { code, stderr } = await stack.run("commands/recover.sh");
  assert.equal(code, 0, stderr);
  assert.ok(made !== undefined && stderr.includes(`${made.ip} may be what was made`), stderr);
  cloud.state.remove(reservedIps, made.ip);
});

test("then up converges, and nothing has drifted", async () => {
  const deployed = await stack.run("ci/deploy.sh");
  assert.equal(deployed.code, 0, deployed.stdout + deployed.stderr);
  const drift = await stack.run("ci/drift.sh");
  assert.equal(drift.code, 0, drift.stdout + drift.stderr);
});

test("a plan that breaks a policy fails, and the plan says which", async () => {
  stack.configure("unprotected");
  const { code } = await stack.run("ci/preview.sh");
  stack.configure("true");
  assert.notEqual(code, 0);
  assert.match(stack.summary, /the preview failed/);
  assert.match(stack.summary, /\[mandatory\] {2}protected-data/);
});

test("what was changed or removed behind berth's back is drift, by name", async () => {
  const [network] = cloud.state.list(vpcs);
  const [volume] = cloud.state.list(volumes);
  assert.ok(network !== undefined && volume !== undefined);
  cloud.state.put(vpcs, network.id, { ...network, name: "by-hand" });
  cloud.state.remove(volumes, volume.id);
  const { code, stdout } = await stack.run("ci/drift.sh");
  assert.equal(code, 8);
  assert.match(stdout, /- `network` \(digitalocean:index\/vpc:Vpc\) is another: name/);
  assert.match(stdout, /- `data` \(digitalocean:index\/volume:Volume\) is gone/);
  assert.match(stdout, /- create `data`/);
  cloud.state.put(vpcs, network.id, network);
  cloud.state.put(volumes, volume.id, volume);
});

test("a cloud that can't be asked is no drift, but an error of its own", async () => {
  const { code, stderr } = await stack.run("ci/drift.sh", { DIGITALOCEAN_TOKEN: "wrong" });
  assert.equal(code, 4);
  assert.match(stderr, /what is there could not be found out/);
  assert.match(stderr, /401/);
});

test("an address that was lost is forgotten by recover, and up reserves another", async () => {
  const [lost] = cloud.state.list(reservedIps);
  assert.ok(lost !== undefined);
  cloud.state.remove(reservedIps, lost.ip);
  assert.equal((await stack.run("commands/recover.sh")).code, 0);
  assert.equal((await stack.run("ci/deploy.sh")).code, 0);
  assert.equal(cloud.state.list(reservedIps).length, 1);
});

test("destroy leaves nothing in the cloud; a second one does nothing", async () => {
  const first = await stack.run("commands/destroy.sh", { CONFIRM });
  assert.equal(first.code, 0, first.stdout + first.stderr);
  const left = [vpcs, volumes, reservedIps].flatMap((kind) => cloud.state.list<object>(kind));
  assert.deepEqual(left, []);
  const second = await stack.run("commands/destroy.sh", { CONFIRM });
  assert.equal(second.stdout, "  stack act-cloud: there is nothing to remove\n");
});
