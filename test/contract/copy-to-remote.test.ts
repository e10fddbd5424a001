import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { contract, type Fixture } from "./fixture";
import type { Declared } from "./stack";

function copy(
  { sshd }: Fixture,
  source: Record<string, string>,
  remotePath: string,
  more: Record<string, unknown> = {},
): Declared {
  const args = { connection: sshd.connection(), source, remotePath, ...more };
  return { type: "remote.CopyToRemote", name: "copy", args };
}

contract("files, texts and folders arrive, with missing folders made", async (f) => {
  const { stack, path } = f;
  writeFileSync(path("file"), Buffer.from([0, 1, 255, 254]));
  mkdirSync(path("tree/inner"), { recursive: true });
  writeFileSync(path("tree/inner/leaf"), "leaf");
  mkdirSync(path("there"));
  const named = (name: string, source: Record<string, string>, to: string): Declared => ({
    ...copy(f, source, path(to)),
    name,
  });
  const up = await stack.up([
    named("file", { $file: path("file") }, "new/deep/file"),
    named("into", { $file: path("file") }, "there"),
    named("text", { $text: "some text\n" }, "texts/deep/text"),
    named("tree", { $archive: path("tree") }, "trees"),
    named("content", { $archive: `${path("tree")}/` }, "content"),
  ]);
  assert.equal(up.ok, true, up.printed);
  assert.deepEqual(readFileSync(path("new/deep/file")), Buffer.from([0, 1, 255, 254]));
  assert.deepEqual(readdirSync(path("there")), ["file"]);
  assert.equal(readFileSync(path("texts/deep/text"), "utf8"), "some text\n");
  assert.equal(readFileSync(path("trees/tree/inner/leaf"), "utf8"), "leaf");
  assert.equal(readFileSync(path("content/inner/leaf"), "utf8"), "leaf");
});

contract("only changed content or another path copies again; a trigger replaces", async (f) => {
  const { stack, sshd, path } = f;
  const target = path("target");
  await stack.up([copy(f, { $text: "a long first version" }, target)]);
  assert.equal(sshd.connections(), 1);

  const moreDials = { ...sshd.connection(), dialErrorLimit: 7 };
  const connection = await stack.up([
    copy(f, { $text: "a long first version" }, target, { connection: moreDials }),
  ]);
  assert.deepEqual(connection.steps, ["update copy"]);
  assert.equal(sshd.connections(), 1, "a changed connection copies nothing");

  await stack.up([copy(f, { $text: "second" }, target)]);
  assert.equal(sshd.connections(), 2);
  assert.equal(readFileSync(target, "utf8"), "second");

  const same = await stack.up([copy(f, { $text: "second" }, target)], "--expect-no-changes");
  assert.equal(same.ok, true, same.printed);

  const replaced = await stack.up([copy(f, { $text: "second" }, target, { triggers: [1] })]);
  assert.ok(replaced.steps.includes("create-replacement copy"), replaced.steps.join());
  assert.equal(sshd.connections(), 3);

  await stack.destroy();
  assert.equal(readFileSync(target, "utf8"), "second", "a delete removes nothing");
});
