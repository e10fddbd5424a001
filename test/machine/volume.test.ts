import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HostServer, removeAll } from "../host/server";
import { Volume } from "../host/volume";
import { output } from "../support/script";

const IMAGE = "debian:trixie-slim";
const MIB = 1024 * 1024;

describe("a data volume", { timeout: 1_800_000 }, () => {
  const server = new HostServer(`berth-test-volume-a-${process.pid}`);
  const other = new HostServer(`berth-test-volume-b-${process.pid}`);
  const volume = new Volume("scsi-0DO_Volume_berth-test");

  before(async () => {
    await volume.create(256);
    await server.create();
  });

  after(() => removeAll(server, other, volume));

  const install = () => server.install({ device: volume.path });
  const services = () =>
    server.bash("systemctl is-active docker docker-registry").then(({ stdout }) => stdout.trim());
  const mountedDevice = async (on: HostServer) =>
    (await on.bash("findmnt --noheadings --output LABEL /srv/berth | tail -n 1")).stdout.trim();

  test("that never comes ends the step in bounded time, and changes nothing", async () => {
    const { code, stderr } = await server.install(
      { device: volume.path },
      { BERTH_DEVICE_SECONDS: "2" },
    );
    assert.equal(code, 27, stderr);
    assert.match(
      stderr,
      /no block device \/dev\/disk\/by-id\/scsi-0DO_Volume_berth-test after 2 s; attach/,
    );
    assert.equal(await services(), "active\nactive");
    assert.doesNotMatch(await server.run("cat", "/etc/fstab"), /srv\/berth/);
  });

  test("that holds something else is refused and left as it is", async () => {
    await volume.attach(server);
    const foreign: [string, RegExp][] = [
      [`mkfs.ext4 -q -L photos ${volume.path}`, /holds LABEL photos,TYPE ext4; allowed is a blank/],
      [`mkfs.ext4 -q ${volume.path}`, /holds TYPE ext4; allowed is a blank/],
      [`echo 'start=2048' | sfdisk -q ${volume.path}`, /holds PTTYPE dos; allowed is a blank/],
      [`yes somebody | head -c 8192 >${volume.path}`, /holds data without a file system; allowed/],
    ];
    for (const [command, refusal] of foreign) {
      await wipe();
      assert.equal((await server.bash(command)).code, 0, command);
      const content = await output("sha256sum", [volume.device]);
      const { code, stderr } = await install();
      assert.equal(code, 28, command);
      assert.match(stderr, refusal);
      assert.equal(await output("sha256sum", [volume.device]), content, command);
      assert.equal(await services(), "active\nactive");
    }
    await wipe();
  });

  test("is not put over data on the root disk", async () => {
    await server.run("bash", "-c", "mkdir -p /srv/berth/app && echo precious >/srv/berth/app/file");
    const { code, stderr } = await install();
    assert.equal(code, 29, stderr);
    assert.match(stderr, /holds data outside of the data volume, such as \/srv\/berth\/app\/file/);
    assert.equal(await server.run("cat", "/srv/berth/app/file"), "precious");
    assert.equal(await services(), "active\nactive");
    assert.equal((await server.bash(`cmp -n ${MIB} ${volume.path} /dev/zero`)).code, 0);
    await server.run("rm", "/srv/berth/app/file");
  });

  test("is formatted when it is blank, and mounted before Docker uses it", async () => {
    const { code, stderr } = await install();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /formatting the blank data volume/);
    assert.equal(await mountedDevice(server), "berth-data");
    assert.equal(await services(), "active\nactive");
    await server.run("test", "!", "-e", "/srv/berth/app");
    assert.equal(await server.run("stat", "-c", "%U", "/srv/berth/registry"), "docker-registry");
    assert.match(
      await server.run("cat", "/etc/fstab"),
      /^\/dev\/disk\/by-id\/scsi-0DO_Volume_berth-test \/srv\/berth ext4 defaults,nofail,x-systemd.device-timeout=60s 0 2$/m,
    );
  });

  test("is left alone by a second run", async () => {
    const traces = () =>
      server.run(
        "bash",
        "-c",
        `blkid -p -o value -s UUID ${volume.path}
         stat -c '%n %Y %i' /etc/fstab /etc/systemd/system/berth-volume.service /etc/systemd/system/*.d/*.conf
         systemctl show -p ActiveEnterTimestampMonotonic docker docker-registry nginx berth-volume
         cat /srv/berth/mark`,
      );
    await server.run("bash", "-c", "echo kept >/srv/berth/mark");
    const traced = await traces();
    const { code, stderr } = await install();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.equal(await traces(), traced);
  });

  test("that was made larger gets a larger file system, in use where the server may do that", async () => {
    const before = await size(server);
    await volume.grow(384);
    assert.equal(await size(server), before);
    const { code, stderr } = await install();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /the data volume was made larger: growing its file system/);
    // A container has not the capability SYS_RESOURCE.
    if ((await size(server)) < before + 100) assert.match(stderr, /it is grown at the next boot/);
  });

  test("that is missing after a reboot keeps Docker from starting", async () => {
    await server.run("bash", "-c", WAIT_NO_LONGER);
    await server.reboot();
    const start = await server.bash("timeout 300 systemctl start docker");
    assert.notEqual(start.code, 0);
    assert.notEqual(start.code, 124, "it ends by itself");
    assert.equal(await services(), "inactive\ninactive");
    const docker = await server.bash("timeout 20 docker ps");
    assert.match(docker.stderr, /Cannot connect to the Docker daemon/);
    // Nor does a step begin a second life on the root disk.
    const step = await server.script("certificate.sh", {
      APP: "a",
      DOMAINS: "a.test",
      EMAIL: "a@a.test",
      ACME_SERVER: "https://acme:14000/dir",
      ACME_ROOT_URL: "",
    });
    assert.equal(step.code, 27, step.stderr);
    assert.match(step.stderr, /is not mounted on \/srv\/berth; nothing was done/);
    assert.equal((await server.bash("find /srv/berth ! -type d")).stdout, "");
  });

  test("that comes back is mounted and everything starts, by itself", async () => {
    await volume.attach(server);
    const up = await server.bash(
      "timeout 600 bash -c 'until [[ $(systemctl is-active docker docker-registry nginx | sort -u) == active ]]; do sleep 0.2; done'",
    );
    assert.equal(up.code, 0, (await server.bash("systemctl status berth-volume docker")).stdout);
    assert.equal(await server.run("cat", "/srv/berth/mark"), "kept");
    assert.match(await server.run("docker", "info"), /Server Version/);
    assert.ok((await size(server)) > 300, "grown while it was not in use");
  });

  test("is not released while somebody uses it, who is named", async () => {
    const { code, stderr } = await server.bash(
      "cd /srv/berth; sleep 600 & cd /; /opt/berth/host/release-volume.sh; code=$?; kill $!; exit $code",
    );
    assert.equal(code, 34, stderr);
    assert.match(stderr, /still in use by: sleep 600 \(\d+\)/);
  });

  test("is released with its containers stopped in order, and twice does no harm", async () => {
    assert.equal((await install()).code, 0);
    await startContainers(server);
    const { code, stdout, stderr } = await server.script("release-volume.sh");
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "the data volume is released\n");
    assert.equal(await mountedDevice(server), "");
    assert.notEqual((await server.bash("systemctl start docker")).code, 0);
    assert.doesNotMatch(await server.run("cat", "/etc/fstab"), /srv\/berth/, "nor at a boot");
    assert.equal((await server.script("release-volume.sh")).code, 0);
    await volume.detach(server);
    assert.equal((await server.script("release-volume.sh")).code, 0, "also when it is gone");
  });

  test("is mounted by a second server with its data", async () => {
    await other.create();
    await volume.attach(other);
    const { code, stderr } = await other.install({ device: volume.path });
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /formatting/);
    assert.equal(await other.run("cat", "/srv/berth/mark"), "kept");
    assert.equal(await other.run("cat", "/srv/berth/order"), "app\ndatabase");
  });

  test("is taken back by the first, whose containers run again", async () => {
    assert.equal((await other.script("release-volume.sh")).code, 0);
    await volume.detach(other);
    await volume.attach(server);
    const { code, stderr } = await install();
    assert.equal(code, 0, stderr);
    assert.equal(await mountedDevice(server), "berth-data");
    assert.equal(
      await server.run("docker", "ps", "--format", "{{.Names}}").then(sortLines),
      "app\ndatabase",
    );
  });

  test("that is declared no more is not given up silently", async () => {
    const { code, stderr } = await server.install();
    assert.equal(code, 29, stderr);
    assert.match(stderr, /is a data volume, and none is declared any more/);
    assert.equal(await mountedDevice(server), "berth-data");
  });

  async function wipe(): Promise<void> {
    await output("dd", [
      "if=/dev/zero",
      `of=${volume.device}`,
      "bs=1M",
      "count=256",
      "status=none",
    ]);
  }
});

// At a boot the unit's own environment decides how long it waits.
const WAIT_NO_LONGER = `
  mkdir -p /etc/systemd/system/berth-volume.service.d
  printf '[Service]\\nEnvironment=BERTH_DEVICE_SECONDS=2\\n' >/etc/systemd/system/berth-volume.service.d/test.conf
  systemctl daemon-reload`;

// Each writes its name when it is told to stop.
const UNTIL_STOPPED =
  "trap 'echo $0 >>/data/order; exit' TERM; echo $0 >>/data/ready; sleep infinity & wait";

async function startContainers(server: HostServer): Promise<void> {
  await server.loadImage(IMAGE);
  const project = { app: "shop", database: "shop-data" };
  for (const [name, label] of Object.entries(project)) {
    await server.run(
      ...["docker", "run", "--detach", "--name", name, "--restart", "unless-stopped"],
      ...["--stop-timeout", "300"],
      ...["--label", `com.docker.compose.project=${label}`, "--volume", "/srv/berth:/data"],
      ...[IMAGE, "bash", "-c", UNTIL_STOPPED, name],
    );
  }
  const ready = "grep -qs app /srv/berth/ready && grep -qs database /srv/berth/ready";
  await server.run("timeout", "300", "bash", "-c", `until ${ready}; do sleep 0.1; done`);
}

async function size(server: HostServer): Promise<number> {
  const table = await server.run("df", "--output=size", "-m", "/srv/berth");
  return Number(table.split("\n").at(-1));
}

function sortLines(text: string): string {
  return text.split("\n").sort().join("\n");
}
