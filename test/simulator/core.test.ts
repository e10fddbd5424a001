import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { takeFaults } from "../../simulator/core/faults";
import { kind, State } from "../../simulator/core/state";
import { droplets, firewalls, tags } from "../../simulator/digitalocean/records";
import { droplet, DropletStack, resource } from "./droplet-stack";

let stack: DropletStack;

before(async () => {
  stack = await DropletStack.make();
});
after(() => stack.remove());

/** A resource that no SDK filters arguments of. */
const bare = (type: string, name: string, args: Record<string, unknown>) =>
  resource(`digitalocean:index/${type}`, name, args, { version: "4.80.1" });

test("unknown types, unknown and missing arguments are refused, by name", async () => {
  const type = await stack.up([bare("loadBalancer:LoadBalancer", "type", {})]);
  assert.match(type.errors, /no resource type digitalocean:index\/loadBalancer:LoadBalancer/);
  const unknown = await stack.up([
    bare("droplet:Droplet", "unknown", { ...droplet("x").args, colour: "blue", monitoring: "yes" }),
  ]);
  assert.match(unknown.errors, /unknown argument "colour"; allowed are backupPolicy/);
  assert.match(unknown.errors, /argument "monitoring" must be a boolean, got a string/);
  const missing = await stack.up([bare("droplet:Droplet", "missing", { region: "fra1" })]);
  assert.match(missing.errors, /missing argument "image"[^]*missing argument "size"/);
});

test("a missing token is told by the first call, in the API's words", async () => {
  const other = await DropletStack.make({ environment: { DIGITALOCEAN_TOKEN: "" } });
  try {
    const up = await other.up([droplet("web")]);
    assert.match(up.errorsOf("web"), /401 Unable to authenticate you/);
    const empty = await other.up([]);
    assert.equal(empty.ok, true, "an empty stack makes no call");
  } finally {
    other.remove();
  }
});

test("faults strike the calls that they name, as often as they say", async () => {
  const all = [
    droplet("web"),
    resource("Firewall", "wall", {
      inboundRules: [{ protocol: "icmp", sourceAddresses: ["::/0"] }],
    }),
    resource("Tag", "tag", { name: "berth" }),
  ];
  stack.provoke(
    { kind: "error", type: "Droplet", operation: "create" },
    { kind: "nameTaken", name: "wall" },
    { kind: "lostAnswer", type: "Tag", operation: "create" },
  );
  const first = await stack.up(all, "--continue-on-error");
  assert.match(first.errorsOf("web"), /500 Server Error; giving up after 5 attempt/);
  assert.match(first.errorsOf("wall"), /409 duplicate name/);
  assert.match(first.errorsOf("tag"), /answer to the create was lost/);
  assert.deepEqual([stack.kept(droplets).length, stack.kept(firewalls).length], [0, 0]);
  assert.equal(stack.kept(tags).length, 1, "the call was obeyed, only its answer is lost");
  const second = await stack.up(all);
  assert.equal(second.ok, true, second.printed);

  stack.provoke({ kind: "quota", type: "Droplet", count: 0 });
  const third = await stack.up([...all, droplet("more")]);
  assert.match(third.errorsOf("more"), /exceed your droplet limit/);
  stack.provoke();
});

test("faults count matching calls, and those of machines strike only where one is made", async () => {
  const state = new State(mkdtempSync(join(tmpdir(), "berth-faults-")));
  const create = { operation: "create", name: "web" } as const;
  const machine = { ...create, type: "digitalocean:index/droplet:Droplet" };
  const tag = { ...create, type: "digitalocean:index/tag:Tag" };
  state.writeFile("faults.json", [
    { kind: "slow", type: "Tag", after: 1, count: 2 },
    { kind: "neverBoots" },
  ]);
  const kinds = async (call: typeof tag) => (await takeFaults(state, call)).map((one) => one.kind);
  assert.deepEqual(await kinds(tag), []);
  assert.deepEqual(await kinds(tag), ["slow"]);
  assert.deepEqual(await kinds(machine), ["neverBoots"]);
  assert.deepEqual(await kinds(machine), []);
  assert.deepEqual(await kinds(tag), ["slow"]);
  assert.deepEqual(await kinds(tag), []);
});

test("a droplet removed behind Pulumi's back is made anew after a refresh", async () => {
  const all = [droplet("web")];
  await stack.up(all);
  const [lost] = stack.kept(droplets);
  for (const { id } of stack.kept(droplets)) stack.state.remove(droplets, String(id));
  const blind = await stack.up(all, "--expect-no-changes");
  assert.equal(blind.ok, true, "nothing tells without a refresh");
  const up = await stack.up(all, "--refresh");
  assert.deepEqual(
    up.steps.filter((step) => step.startsWith("create")),
    ["create web"],
  );
  assert.notEqual(stack.kept(droplets)[0]?.id, lost?.id);
});

test("drift is seen and put right", async () => {
  const all = [droplet("web", { tags: ["shop"] })];
  await stack.up(all);
  const [made] = stack.kept(droplets);
  assert.ok(made !== undefined);
  stack.state.put(droplets, String(made.id), { ...made, tags: ["other"] });
  const up = await stack.up(all, "--refresh");
  assert.ok(up.steps.includes("update web"), up.printed);
  assert.deepEqual(stack.kept(droplets)[0]?.tags, ["shop"]);
});

test("two engines share one cloud, and its limits hold for both", async () => {
  await stack.destroy();
  const other = await DropletStack.make({ simulator: stack.simulator });
  const pair = (name: string) => [droplet(`${name}1`), droplet(`${name}2`)];
  const runs = await Promise.all([stack.up(pair("a")), other.up(pair("b"))]);
  assert.deepEqual(runs.map(({ ok }) => ok).sort(), [false, true], runs[0].printed);
  assert.equal(stack.kept(droplets).length, 3);
  await Promise.all([stack.destroy(), other.destroy()]);
  assert.deepEqual(stack.kept(droplets), []);
});

test("what many write at once is all there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "berth-state-"));
  const counters = kind<{ count: number }>("test/counters");
  const states = [new State(folder), new State(folder), new State(folder)];
  const add = (state: State) =>
    state.locked(async () => {
      const { count } = state.get(counters, "one") ?? { count: 0 };
      await Promise.resolve();
      state.put(counters, "one", { count: count + 1 });
    });
  await Promise.all(Array.from({ length: 30 }, (_, turn) => add(states[turn % 3] as State)));
  assert.deepEqual(states[0]?.get(counters, "one"), { count: 30 });
});

test("a process that is paused keeps its lock, one that is killed loses it", async () => {
  const state = new State(mkdtempSync(join(tmpdir(), "berth-lock-")));
  const program = join(__dirname, "hold-lock.ts");
  const holder = spawn(process.execPath, ["--import", "tsx", program, state.folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    await once(holder.stdout, "data");
    holder.kill("SIGSTOP");
    let isOurs = false;
    const ours = state.locked(() => (isOurs = true));
    await wait(3000);
    assert.equal(isOurs, false);
    holder.kill("SIGKILL");
    assert.equal(await ours, true);
  } finally {
    holder.kill("SIGKILL");
  }
});
