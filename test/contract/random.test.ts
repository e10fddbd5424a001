import assert from "node:assert/strict";
import { compareSync } from "bcryptjs";
import { contractWithoutServer } from "./fixture";
import type { ContractStack } from "./stack";

const password = (name: string, args: Record<string, unknown>) => ({
  type: "RandomPassword",
  name,
  args,
});

/** Outputs by name, secrets in clear. */
async function outputsOf(
  stack: ContractStack,
): Promise<Record<string, Record<string, unknown> | undefined>> {
  const resources = await stack.state("--show-secrets");
  const name = (urn: string) => urn.split("::").at(-1) ?? "";
  return Object.fromEntries(
    resources.map(({ urn, id, outputs }) => [name(urn), { id, ...reveal(outputs) }]),
  );
}

/** An exported secret is its JSON text in an envelope. */
function reveal(outputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const plaintext = (value as { plaintext?: string } | null)?.plaintext;
      return [name, plaintext === undefined ? value : JSON.parse(plaintext)];
    }),
  );
}

function count(text: unknown, kind: RegExp): number {
  return String(text).match(kind)?.length ?? 0;
}

contractWithoutServer("passwords follow their rules and stay secret", async (stack) => {
  const up = await stack.up([
    password("plain", { length: 40, special: false }),
    password("default", { length: 60 }),
    password("long", { length: 100 }),
    password("minimums", { length: 8, minLower: 2, minUpper: 2, minNumeric: 2, minSpecial: 2 }),
    password("own", {
      length: 30,
      overrideSpecial: "_",
      minSpecial: 3,
      upper: false,
      lower: false,
    }),
  ]);
  assert.equal(up.ok, true, up.printed);
  const made = await outputsOf(stack);
  assert.match(String(made["plain"]?.["result"]), /^[A-Za-z0-9]{40}$/);
  assert.match(String(made["default"]?.["result"]), /^[A-Za-z0-9!@#$%&*()\-_=+[\]{}<>:?]{60}$/);
  assert.equal(String(made["long"]?.["result"]).length, 100);
  const mixed = made["minimums"]?.["result"];
  for (const kind of [/[a-z]/g, /[A-Z]/g, /[0-9]/g, /[^A-Za-z0-9]/g]) {
    assert.equal(count(mixed, kind), 2);
  }
  assert.match(String(made["own"]?.["result"]), /^[0-9_]{30}$/);
  assert.ok(count(made["own"]?.["result"], /_/g) >= 3);
  for (const name of ["plain", "default", "minimums"]) {
    const { id, result, bcryptHash } = made[name] as Record<string, string>;
    assert.equal(id, "none");
    assert.ok(compareSync(String(result), String(bcryptHash)), `${name}: the hash fits`);
  }
  const encrypted = JSON.stringify(await stack.state());
  for (const { result, bcryptHash } of Object.values(made) as Record<string, string>[]) {
    for (const secret of [result, bcryptHash]) {
      if (secret !== undefined)
        assert.ok(!encrypted.includes(secret) && !up.printed.includes(secret));
    }
  }
});

contractWithoutServer(
  "each changed rule makes a new password, nothing else does",
  async (stack) => {
    const base = { length: 20, keepers: { v: "1" } };
    const changes: Record<string, Record<string, unknown>> = {
      length: { length: 21 },
      special: { special: false },
      minUpper: { minUpper: 1 },
      overrideSpecial: { overrideSpecial: "-_" },
      keepers: { keepers: { v: "2" } },
    };
    const all = Object.keys(changes).map((name) => password(name, base));
    await stack.up(all);
    const before = await outputsOf(stack);
    const same = await stack.up(all, "--expect-no-changes");
    assert.equal(same.ok, true, same.printed);

    const preview = await stack.preview(
      Object.entries(changes).map(([name, change]) => password(name, { ...base, ...change })),
    );
    const replaced = preview.steps.filter((step) => step.startsWith("replace "));
    assert.deepEqual(
      replaced.sort(),
      Object.keys(changes)
        .map((name) => `replace ${name}`)
        .sort(),
    );

    const keepers = password("keepers", { ...base, ...changes["keepers"] });
    await stack.up([...all.filter(({ name }) => name !== "keepers"), keepers]);
    const after = await outputsOf(stack);
    assert.notEqual(after["keepers"]?.["result"], before["keepers"]?.["result"]);
    assert.equal(after["special"]?.["result"], before["special"]?.["result"]);
  },
);

contractWithoutServer("the other kinds have their forms", async (stack) => {
  const up = await stack.up([
    { type: "RandomId", name: "id", args: { byteLength: 9, prefix: "p-" } },
    { type: "RandomString", name: "string", args: { length: 12, special: false, upper: false } },
    {
      // Bare, as the SDK would mark the outputs by itself.
      type: "random:index/randomBytes:RandomBytes",
      name: "bytes",
      args: { length: 32 },
      options: { version: "4.21.2" },
    },
    { type: "RandomUuid", name: "uuid", args: {} },
    { type: "RandomInteger", name: "integer", args: { min: 5, max: 6 } },
    { type: "RandomShuffle", name: "shuffle", args: { inputs: ["a", "b", "c"] } },
  ]);
  assert.equal(up.ok, true, up.printed);
  const made = await outputsOf(stack);
  const bytes = Buffer.from(String(made["id"]?.["id"]), "base64url");
  assert.equal(bytes.length, 9);
  assert.equal(made["id"]?.["hex"], `p-${bytes.toString("hex")}`);
  assert.equal(made["id"]["b64Std"], `p-${bytes.toString("base64")}`);
  assert.equal(made["id"]["b64Url"], `p-${bytes.toString("base64url")}`);
  assert.equal(made["id"]["dec"], `p-${BigInt(`0x${bytes.toString("hex")}`)}`);
  assert.match(String(made["string"]?.["result"]), /^[a-z0-9]{12}$/);
  assert.equal(made["string"]?.["id"], made["string"]?.["result"]);
  const drawn = Buffer.from(String(made["bytes"]?.["base64"]), "base64");
  assert.equal(drawn.length, 32);
  assert.equal(made["bytes"]?.["hex"], drawn.toString("hex"));
  assert.ok(!JSON.stringify(await stack.state()).includes(drawn.toString("hex")));
  assert.match(String(made["uuid"]?.["result"]), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/);
  assert.ok([5, 6].includes(Number(made["integer"]?.["result"])));
  assert.deepEqual((made["shuffle"]?.["results"] as string[]).sort(), ["a", "b", "c"]);
});

contractWithoutServer("rules that cannot be kept are refused", async (stack) => {
  const wrong: Record<string, Record<string, unknown>> = {
    sum: { length: 3, minLower: 2, minUpper: 2 },
    zero: { length: 0 },
    mistyped: { length: "twenty" },
    missing: { special: false },
  };
  // One by one, as the engine ends the program at the first refusal.
  for (const [name, args] of Object.entries(wrong)) {
    const type = "random:index/randomPassword:RandomPassword";
    const up = await stack.up([{ type, name, args, options: { version: "4.21.2" } }]);
    assert.match(up.errorsOf(name), /length/i, name);
  }
});
