import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import {
  dnsRecords,
  droplets,
  firewalls,
  tags,
  volumes,
} from "../../simulator/digitalocean/records";
import { droplet, DropletStack, resource, type Args } from "./droplet-stack";

const key = (letter: string) => `ssh-ed25519 ${letter.repeat(68)}`;
const KEY = key("A");
let stack: DropletStack;

before(async () => {
  stack = await DropletStack.make();
});
// Each test begins with an empty account.
beforeEach(async () => {
  await stack.destroy();
});
after(() => stack.remove());

const DROPLET = { region: "fra1", size: "s-1vcpu-1gb", image: "debian-13-x64" };
const VOLUME = { name: "data", region: "fra1", size: 10 };
const RECORD = { domain: "example.org", type: "CNAME", name: "www", value: "example.org." };
const RULE = { protocol: "tcp", portRange: "22", sourceAddresses: ["0.0.0.0/0", "::/0"] };

const IN_PLACE = "update";
const REPLACED = "replace";
const NOTHING = "";
const cases: [title: string, type: string, args: Args, changes: Args, step: string][] = [
  ["a droplet's size", "Droplet", DROPLET, { size: "s-2vcpu-4gb" }, IN_PLACE],
  ["a droplet's tags", "Droplet", DROPLET, { tags: ["web"] }, IN_PLACE],
  [
    "a droplet's tag in capitals",
    "Droplet",
    { ...DROPLET, tags: ["web"] },
    { tags: ["Web"] },
    NOTHING,
  ],
  ["a droplet's region in capitals", "Droplet", DROPLET, { region: "FRA1" }, NOTHING],
  ["a droplet's user data", "Droplet", DROPLET, { userData: "#cloud-config" }, REPLACED],
  ["a droplet's image", "Droplet", DROPLET, { image: "debian-12-x64" }, REPLACED],
  ["a droplet's region", "Droplet", DROPLET, { region: "ams3" }, REPLACED],
  ["a volume's size", "Volume", VOLUME, { size: 20 }, IN_PLACE],
  ["a volume's name", "Volume", { ...VOLUME, name: "third" }, { name: "other" }, REPLACED],
  ["a key's name", "SshKey", { publicKey: KEY, name: "a" }, { name: "b" }, IN_PLACE],
  [
    "blanks around a key",
    "SshKey",
    { publicKey: key("B") },
    { publicKey: `${key("B")}\n` },
    NOTHING,
  ],
  ["a network's description", "Vpc", { region: "fra1" }, { description: "x" }, IN_PLACE],
  ["a network's range", "Vpc", { region: "fra1" }, { ipRange: "10.9.0.0/24" }, REPLACED],
  [
    "the order of a firewall's rules",
    "Firewall",
    { inboundRules: [RULE, { ...RULE, portRange: "80" }] },
    { inboundRules: [{ ...RULE, portRange: "80" }, RULE] },
    NOTHING,
  ],
  [
    "a firewall's rule",
    "Firewall",
    { inboundRules: [RULE] },
    { inboundRules: [{ ...RULE, sourceAddresses: ["192.0.2.0/24"] }] },
    IN_PLACE,
  ],
];

test("changes are planned as the provider plans them", async () => {
  stack.setAccount({ dropletLimit: cases.length });
  const named = (changed: boolean) =>
    cases.map(([title, type, args, changes]) =>
      resource(type, title.replaceAll(" ", "-"), changed ? { ...args, ...changes } : args),
    );
  const up = await stack.up(named(false));
  assert.equal(up.ok, true, up.printed);
  const { steps } = await stack.preview(named(true));
  const expected = cases
    .filter(([, , , , step]) => step !== NOTHING)
    .map(([title, , , , step]) => `${step} ${title.replaceAll(" ", "-")}`);
  const planned = steps.filter((step) => /^(update|replace) /.test(step));
  assert.deepEqual(planned.sort(), expected.sort());
  stack.setAccount({});
});

test("a droplet whose name is given is deleted before its replacement, another one after", async () => {
  const two = (userData: string) => [
    droplet("named", { name: "web", userData }),
    droplet("auto", { userData }),
  ];
  await stack.up(two("a"));
  const { steps: taken } = await stack.up(two("b"));
  const order = taken.filter((step) => /^(create|delete)/.test(step));
  const at = (step: RegExp) => order.findIndex((one) => step.test(one));
  assert.ok(at(/^delete.* named/) < at(/^create.* named/), order.join("\n"));
  assert.ok(at(/^create.* auto/) < at(/^delete.* auto/), order.join("\n"));
});

test("ignored changes are left", async () => {
  const ignoring = { ignoreChanges: ["userData", "image"] };
  await stack.up([droplet("web", { userData: "a" }, ignoring)]);
  const changed = droplet("web", { userData: "b", image: "debian-12-x64" }, ignoring);
  const up = await stack.up([changed], "--expect-no-changes");
  assert.equal(up.ok, true, up.printed);
});

test("a droplet's outputs are the provider's", async () => {
  await stack.up([
    droplet("web", { userData: "#cloud-config\n", region: "FRA1", vpcUuid: undefined }),
  ]);
  const outputs = await stack.outputs("web");
  assert.match(await stack.id("web"), /^\d+$/);
  assert.match(String(outputs["name"]), /^web-[0-9a-f]{7}$/);
  assert.equal(outputs["region"], "fra1");
  assert.equal(outputs["userData"], createHash("sha1").update("#cloud-config\n").digest("hex"));
  assert.equal(outputs["dropletUrn"], `do:droplet:${await stack.id("web")}`);
  assert.deepEqual(
    [outputs["disk"], outputs["memory"], outputs["vcpus"], outputs["status"], outputs["locked"]],
    [25, 1024, 1, "active", false],
  );
  assert.deepEqual(outputs["volumeIds"], []);
});

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
  await stack.up([
    resource("Vpc", "net", { region: "fra1" }),
    droplet("web", { vpcUuid: "$net.id" }),
  ]);
  // Not known to the stack any more, as an orphan is.
  await stack.up([
    resource("Vpc", "net", { region: "fra1" }),
    droplet("web", { vpcUuid: "$net.id" }, { retainOnDelete: true }),
  ]);
  await stack.up([resource("Vpc", "net", { region: "fra1" })]);
  const up = await stack.up([]);
  assert.match(up.errors, /409 Can not delete VPC with members/);
  for (const { id } of stack.kept(droplets)) stack.state.remove(droplets, String(id));
});

test("an address leads where its assignment says, and lost droplets are noticed", async () => {
  const all = [
    droplet("web"),
    resource("ReservedIp", "ip", { region: "fra1" }),
    resource("ReservedIpAssignment", "lead", {
      ipAddress: "$ip.ipAddress",
      dropletId: "#web.id",
    }),
  ];
  assert.equal((await stack.up(all)).ok, true);
  const address = String((await stack.outputs("ip"))["ipAddress"]);
  assert.equal(await stack.id("ip"), address);
  assert.match(await stack.id("lead"), new RegExp(`^\\d+-${address}-`));
  const [lost] = stack.kept(droplets);
  stack.state.remove(droplets, String(lost?.id));
  // Removed behind Pulumi's back: without a refresh the droplet's own delete fails.
  assert.match((await stack.destroy()).errors, /Not Found/);
  await stack.refresh();
  assert.equal(await stack.id("web"), "");
});

test("records need their zone, and names come back as the API has them", async () => {
  const zone = resource("Domain", "zone", { name: "example.org" });
  const none = await stack.up([resource("DnsRecord", "www", RECORD)]);
  assert.match(none.errorsOf("www"), /404/);
  const up = await stack.up([
    zone,
    resource("DnsRecord", "www", { ...RECORD, domain: "$zone.name", value: "example.org" }),
    resource("DnsRecord", "top", {
      ...RECORD,
      domain: "$zone.name",
      type: "A",
      name: "@",
      value: "192.0.2.1",
    }),
  ]);
  assert.equal(up.ok, true, up.printed);
  const { value, fqdn, ttl } = await stack.outputs("www");
  assert.deepEqual([value, fqdn, ttl], ["example.org.", "www.example.org", 1800]);
  assert.equal((await stack.outputs("top"))["fqdn"], "example.org");
  await stack.up([]);
  assert.deepEqual(stack.kept(dnsRecords), []);
});

test("a refresh right after an up finds nothing to tell", async () => {
  const all = [
    resource("Tag", "tag", { name: "Berth" }),
    droplet("web", { tags: ["$tag.name"], monitoring: true, userData: "#cloud-config" }),
    resource("Volume", "data", { ...VOLUME, tags: ["$tag.name"] }),
    resource("VolumeAttachment", "attached", { dropletId: "#web.id", volumeId: "$data.id" }),
    resource("Firewall", "wall", {
      tags: ["$tag.name"],
      inboundRules: [
        { ...RULE, portRange: "443" },
        RULE,
        { protocol: "icmp", sourceAddresses: ["::/0"] },
      ],
    }),
    resource("Project", "project", {
      name: "shop",
      environment: "production",
      resources: ["$web.dropletUrn", "$data.volumeUrn"],
    }),
    resource("UptimeCheck", "uptime", {
      target: "https://example.org",
      type: "https",
      regions: ["us_east", "eu_west"],
    }),
  ];
  const up = await stack.up(all);
  assert.equal(up.ok, true, up.printed);
  await stack.refresh();
  const again = await stack.up(all, "--expect-no-changes");
  assert.equal(again.ok, true, again.printed);
  const wall = (await stack.outputs("wall"))["inboundRules"] as { portRange: string }[];
  assert.deepEqual(
    wall.map(({ portRange }) => portRange),
    ["", "22", "443"],
  );
});

test("a destroy leaves no firewall or volume, and only tags that arose by themselves", async () => {
  await stack.up([
    resource("Tag", "tag", { name: "berth" }),
    resource("Volume", "data", VOLUME),
    resource("Firewall", "wall", { tags: ["$tag.name"], inboundRules: [RULE] }),
  ]);
  assert.equal((await stack.destroy()).ok, true);
  assert.deepEqual([...stack.kept(firewalls), ...stack.kept(volumes)], []);
  assert.ok(!stack.kept(tags).some(({ name }) => name === "berth"));
});
