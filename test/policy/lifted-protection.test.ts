import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { ContractStack, Declared } from "../contract/stack";
import { cloudStack, findingsOf } from "./cloud-stack";

const root = resolve(__dirname, "../..");
let stack: ContractStack;

before(async () => {
  stack = await cloudStack();
});
after(() => stack.remove());

function volume(protect: boolean, size: number, region = "fra1"): Declared[] {
  const tags = ["berth-contract", "berth-shop-contract"];
  const args = { name: "volume", region, size, tags };
  return [{ type: "digitalocean:index/volume:Volume", name: "volume", args, options: { protect } }];
}

/** What commands/policy.sh prints for the stack. */
function options(): string[] {
  const printed = execFileSync(join(root, "commands/policy.sh"), {
    encoding: "utf8",
    env: {
      ...process.env,
      STACK: "contract",
      BERTH_PROJECT: join(stack.folder, "project"),
      PULUMI_BACKEND_URL: `file://${join(stack.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "contract",
      PULUMI_CONFIG_PASSPHRASE_FILE: "",
      BERTH_CACHE: join(stack.folder, "cache"),
    },
  });
  return printed.trim().split("\n");
}

async function protectedVolume(): Promise<unknown> {
  const { inputs, ...rest } = (await stack.recorded("volume"))!;
  return { size: inputs.size, region: inputs.region, protect: "protect" in rest && rest.protect };
}

test("a stack that keeps its data is checked without looking at its state", async () => {
  assert.deepEqual(options(), ["--policy-pack", join(root, "policy/start.sh")]);
  const run = await stack.up(volume(true, 20), ...options());
  assert.ok(run.ok, run.printed);
});

test("a protection is not taken away while the stack keeps its data", async () => {
  const run = await stack.up(volume(false, 20), ...options());
  assert.ok(!run.ok);
  assert.deepEqual(
    findingsOf(stack).map(({ rule }) => rule),
    ["protected-data"],
  );
  assert.deepEqual(await protectedVolume(), { size: 20, region: "fra1", protect: true });
});

test("a protection is not taken away together with a replace", async () => {
  appendFileSync(
    join(stack.folder, "project/Pulumi.contract.yaml"),
    "config:\n  berth:protectData: false\n",
  );
  const [, , , settings = ""] = options();
  assert.match(readFileSync(settings, "utf8"), /::volume","inputs":\{/);

  const run = await stack.up(volume(false, 20, "nyc3"), ...options());
  assert.ok(!run.ok);
  assert.deepEqual(
    findingsOf(stack).map(({ rule }) => rule),
    ["lifted-protection"],
  );
  assert.match(run.printed, /same update that changes region;/);
  assert.deepEqual(await protectedVolume(), { size: 20, region: "fra1", protect: true });
});

test("run by hand, without the state before, it is not taken away either", async () => {
  const settings = join(stack.folder, "settings.json");
  writeFileSync(
    settings,
    '{"protected-data":{"protectData":false},"lifted-protection":{"protectData":false}}',
  );
  const [option = "", pack = ""] = options();
  const run = await stack.up(volume(false, 20), option, pack, "--policy-pack-config", settings);
  assert.ok(!run.ok);
  assert.match(run.printed, /was not told the state before/);
});

test("by itself it is taken away; then everything may change", async () => {
  const lifted = await stack.up(volume(false, 20), ...options());
  assert.ok(lifted.ok, lifted.printed);
  assert.deepEqual(await protectedVolume(), { size: 20, region: "fra1", protect: false });
  const moved = await stack.up(volume(false, 20, "nyc3"), ...options());
  assert.ok(moved.ok, moved.printed);
});

test("the engine alone would replace it", async () => {
  const kept = await stack.up(volume(true, 20, "nyc3"));
  assert.ok(kept.ok, kept.printed);
  const run = await stack.up(volume(false, 20, "fra1"));
  assert.ok(run.ok, run.printed);
  assert.ok(run.steps.includes("replace volume"), run.steps.join());
});
