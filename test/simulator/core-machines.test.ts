import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { droplets } from "../../simulator/digitalocean/records";
import { droplet, DropletStack, resource } from "./droplet-stack";

const NAME = "sim-test-machines";
const DEVICE = "/dev/disk/by-id/scsi-0DO_Volume_data";
const USER_DATA = "#cloud-config\nlocale: C.UTF-8\nssh_genkeytypes: [ed25519]\n";
const LARGER = "s-2vcpu-4gb";
const MACHINE = { userData: USER_DATA };
let stack: DropletStack;

before(async () => {
  stack = await DropletStack.make({ machines: "containers", name: NAME });
});
after(() => stack.remove());

const container = async (name: string) => `${NAME}-droplet-${await stack.id(name)}`;

/** Runs a line as root on a droplet's machine; gives what it printed. */
async function onMachine(name: string, line: string): Promise<string> {
  return execFileSync("docker", ["exec", await container(name), "bash", "-c", line], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

/** The first line that port 22 of an address says; the error's code when it can't be reached. */
function greeting(address: string): Promise<string> {
  return new Promise((finish) => {
    const socket = connect({ host: address, port: 22, timeout: 60_000 });
    const end = (text: string) => {
      socket.destroy();
      finish(text);
    };
    socket.on("data", (data) => end(data.toString().trim()));
    socket.on("timeout", () => end("timeout"));
    socket.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? "error"));
    socket.on("close", () => end("closed"));
  });
}

async function until(isReached: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 600_000;
  while (!(await isReached())) {
    assert.ok(Date.now() < deadline, "waited in vain");
    await wait(200);
  }
}

const all = (attached: string, size = "s-1vcpu-1gb") => [
  droplet("web", { ...MACHINE, size }),
  droplet("next", MACHINE),
  resource("Volume", "data", { name: "data", region: "fra1", size: 2 }),
  resource(
    "VolumeAttachment",
    "attached",
    { dropletId: `#${attached}.id`, volumeId: "$data.id" },
    { deleteBeforeReplace: true },
  ),
  resource("ReservedIp", "ip", { region: "fra1" }),
  resource(
    "ReservedIpAssignment",
    "lead",
    { ipAddress: "$ip.ipAddress", dropletId: `#${attached}.id` },
    { after: ["attached"] },
  ),
];

test("a droplet boots with its user data, its volume and its address", async () => {
  const up = await stack.up(all("web"));
  assert.equal(up.ok, true, up.printed);
  await onMachine("web", "timeout 900 cloud-init status --wait");
  assert.equal(await onMachine("web", "hostname"), (await stack.outputs("web"))["name"]);
  await onMachine("web", `mkfs.ext4 -q -L berth-data ${DEVICE}`);
  await onMachine("web", `mkdir -p /data && echo "${DEVICE} /data ext4 nofail 0 2" >>/etc/fstab`);
  await onMachine("web", "systemctl daemon-reload && systemctl start data.mount");
  await onMachine("web", "echo kept >/data/file && sync");
  const address = String((await stack.outputs("ip"))["ipAddress"]);
  await until(async () => (await greeting(address)).startsWith("SSH-"));
});

test("a resize boots the machine again, with its volume mounted", async () => {
  const boot = () => onMachine("web", "ps -o lstart= 1");
  const before = await boot();
  const up = await stack.up(all("web", LARGER));
  assert.equal(up.ok, true, up.printed);
  assert.notEqual(await boot(), before);
  await until(async () => (await onMachine("web", "cat /data/file || true")) === "kept");
});

test("a volume that moves takes its data along, and fails where it was", async () => {
  const up = await stack.up(all("next", LARGER));
  assert.equal(up.ok, true, up.printed);
  assert.equal(await onMachine("next", `mount ${DEVICE} /mnt && cat /mnt/file`), "kept");
  assert.equal(await onMachine("web", `test -e ${DEVICE} || echo gone`), "gone");
  assert.match(await onMachine("web", "echo lost 2>&1 >/data/file || true"), /^$|Input\/output/);
  assert.equal(await onMachine("next", "umount /mnt; mount /dev/sda /mnt; cat /mnt/file"), "kept");
});

test("machines with faults: dead, refusing SSH, failing at their first boot", async () => {
  stack.setAccount({ dropletLimit: 5 });
  stack.provoke(
    { kind: "neverBoots", name: "dead" },
    { kind: "sshRefused", name: "refusing", seconds: 36_000 },
    { kind: "cloudInitFails", name: "failing" },
  );
  const up = await stack.up([
    ...all("next", LARGER),
    ...["dead", "refusing", "failing"].map((name) => droplet(name, MACHINE)),
  ]);
  assert.equal(up.ok, true, "the cloud calls them all active");
  const address = async (name: string) => String((await stack.outputs(name))["ipv4Address"]);
  await until(async () => (await greeting(await address("failing"))).startsWith("SSH-"));
  const status = await onMachine("failing", "timeout 900 cloud-init status --wait --long || true");
  assert.match(status, /status: error/);
  await until(
    async () => (await onMachine("refusing", "systemctl is-active ssh || true")) === "active",
  );
  assert.equal(await greeting(await address("refusing")), "ECONNREFUSED");
  assert.equal(await greeting(await address("dead")), "ECONNREFUSED");
});

test("nothing is left after a destroy, but the network", async () => {
  const destroyed = await stack.destroy();
  assert.equal(destroyed.ok, true, destroyed.printed);
  assert.deepEqual(stack.kept(droplets), []);
  const list = (...args: string[]) =>
    execFileSync("docker", [...args, "--filter", `label=berth.stack=${NAME}`], {
      encoding: "utf8",
    });
  const names = list("ps", "--all", "--format", "{{.Names}}").trim().split("\n").sort();
  assert.deepEqual(names, [`${NAME}-acme`, `${NAME}-dns`]);
  assert.equal(list("volume", "ls", "--format", "{{.Name}}").trim(), `${NAME}-acme`);
  const loops = () =>
    execFileSync("losetup", ["--noheadings", "--output", "BACK-FILE"], { encoding: "utf8" });
  await until(() => Promise.resolve(!loops().includes(stack.simulator)));
});
