import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { droplets, volumes } from "../../simulator/digitalocean/records";
import { droplet, DropletStack, resource, RULE, VOLUME, KEY, type Args } from "./droplet-stack";

let stack: DropletStack;

before(async () => {
  stack = await DropletStack.make();
});
// Each test begins with an empty account.
beforeEach(async () => {
  await stack.destroy();
});
after(() => stack.remove());

test("a smaller disk is refused, and an unknown size, region or image", async () => {
  await stack.up([droplet("web", { size: "s-2vcpu-4gb" })]);
  const smaller = await stack.up([droplet("web", { size: "s-1vcpu-1gb" })]);
  assert.match(smaller.errorsOf("web"), /422 .*smaller disk/);
  assert.equal(stack.kept(droplets)[0]?.size, "s-2vcpu-4gb");
  const { errors } = await stack.up(
    [
      droplet("web", { size: "s-2vcpu-4gb" }),
      droplet("size", { size: "huge" }),
      droplet("region", { region: "mars1" }),
      droplet("image", { image: "windows" }),
      droplet("data", { userData: "x".repeat(64 * 1024 + 1) }),
    ],
    "--continue-on-error",
  );
  for (const why of [/invalid size/, /Region is not/, /invalid image/, /64KB/]) {
    assert.match(errors, why);
  }
});

test("the droplet limit counts all droplets", async () => {
  const up = await stack.up(["a", "b", "c", "d"].map((name) => droplet(name)));
  assert.match(up.errors, /exceed your droplet limit/);
  assert.equal(stack.kept(droplets).length, 3);
});

test("names that are taken are refused as each type does", async () => {
  const rules = { name: "same", inboundRules: [RULE] };
  const twice = (type: string, args: Args) => [
    resource(type, `${type}1`, args),
    resource(type, `${type}2`, args, { after: [`${type}1`] }),
  ];
  // One refusal ends the run, unless it is told to go on.
  const { errors } = await stack.up(
    [
      ...twice("SshKey", { publicKey: KEY }),
      ...twice("Firewall", rules),
      ...twice("Volume", VOLUME),
    ],
    "--continue-on-error",
  );
  assert.match(errors, /422 SSH Key is already in use/);
  assert.match(errors, /409 duplicate name/);
  assert.match(errors, /409 a volume with the same name/);
});

test("a volume fits one droplet, and can't go while it has one", async () => {
  const web = droplet("web");
  const data = resource("Volume", "data", VOLUME);
  const attach = (name: string, to: string, options = {}) =>
    resource("VolumeAttachment", name, { dropletId: `#${to}.id`, volumeId: "$data.id" }, options);
  const first = await stack.up([web, data, attach("one", "web")]);
  assert.equal(first.ok, true, first.printed);
  const [dropletId, volumeId] = [await stack.id("web"), await stack.id("data")];
  const stamped = `^${dropletId}-${volumeId}-\\d{18}[0-9a-f]{8}$`;
  assert.match(await stack.id("one"), new RegExp(stamped));
  const other = droplet("other");
  const second = await stack.up([
    ...[web, other, data, attach("one", "web")],
    attach("two", "other", { after: ["one"] }),
  ]);
  assert.match(second.errorsOf("two"), /422 .*already attached/);

  const moved = await stack.up([
    web,
    other,
    data,
    attach("one", "other", { deleteBeforeReplace: true }),
  ]);
  assert.equal(moved.ok, true, moved.printed);
  assert.deepEqual(stack.kept(volumes)[0]?.dropletIds, [Number(await stack.id("other"))]);
});

test("a network with members can't be removed", async () => {
  const net = resource("Vpc", "net", { region: "fra1" });
  const web = (options = {}) => droplet("web", { vpcUuid: "$net.id" }, options);
  // Not known to the stack any more in the end, as an orphan is.
  for (const resources of [[net, web()], [net, web({ retainOnDelete: true })], [net]]) {
    const { ok, printed } = await stack.up(resources);
    assert.equal(ok, true, printed);
  }
  const up = await stack.up([]);
  assert.match(up.errors, /409 Can not delete VPC with members/, up.printed);
  for (const { id } of stack.kept(droplets)) stack.state.remove(droplets, String(id));
});
