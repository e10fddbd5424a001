import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { ended, endedScript, output } from "../support/script";
import { freePorts, Machine, type Ports } from "./machine";

const IMAGE = "debian:trixie-slim";

describe("two machines at once", { timeout: 1_800_000 }, () => {
  const first = new Machine(`berth-test-a-${process.pid}`, [
    "docker.io",
    "docker-cli",
    "ufw",
    "certbot",
  ]);
  const second = new Machine(`berth-test-b-${process.pid}`, ["ufw"]);
  let ports: Ports;

  before(async () => {
    ports = await freePorts(first.name);
    await first.create(ports);
    await second.create(await freePorts(second.name));
  });

  after(async () => {
    await first.remove();
    await second.remove();
  });

  test("boot as a server does: cloud-init without errors, systemd running, firewall active", async () => {
    for (const machine of [first, second]) {
      const { status, errors } = await machine.firstBoot();
      assert.deepEqual({ status, errors }, { status: "done", errors: [] });
      assert.equal(await machine.run("systemctl", "is-system-running", "--wait"), "running");
      assert.match(await machine.run("ufw", "status"), /Status: active/);
    }
  });

  test("let in the user with the key, known by the host key that was read through Docker", async () => {
    assert.equal(await first.login("sudo", "id", "-un"), "root");
    assert.equal(await second.login("hostname"), second.name);
    assert.notEqual(await first.hostKey(), await second.hostKey());
  });

  test("run containers of their own, which reach the same resolvers", async () => {
    await output("bash", [
      "-c",
      `set -o pipefail; docker save ${IMAGE} | docker exec -i ${first.name} docker load --quiet`,
    ]);
    const resolvers = await first.run("cat", "/etc/resolv.conf");
    assert.doesNotMatch(resolvers, /nameserver 127\./);
    const nested = await first.run("docker", "run", "--rm", IMAGE, "cat", "/etc/resolv.conf");
    assert.equal(servers(nested), servers(resolvers));
  });

  test("keep to their own part of the cgroup tree", async () => {
    const nested = await first.run(
      "docker",
      "run",
      "--detach",
      "--name",
      "lasting",
      IMAGE,
      "sleep",
      "infinity",
    );
    // Groups of others come and go while it looks, which find takes for a failure.
    const find = ["sh", "-c", `find /sys/fs/cgroup -name '*${nested}*' 2>/dev/null; true`] as const;
    assert.notEqual(await first.run(...find), "", "the machine's own Docker makes cgroups");
    assert.equal(await second.run(...find), "", "the other machine does not see them");
    const id = await output("docker", ["inspect", "--format", "{{.Id}}", first.name]);
    const [shell, ...search] = find;
    const groups = (await output(shell, search)).split("\n");
    assert.notDeepEqual(groups, [""], "the host sees them");
    assert.deepEqual(
      groups.filter((path) => !path.includes(id)),
      [],
    );
    await first.run("docker", "rm", "--force", "lasting");
  });

  test("get a certificate from Pebble, under the root that acme-root.sh prints", async () => {
    await assertSigned(await first.certificate("one.localhost"), first);
  });

  test("keep their disk over a stop, and start.sh brings everything back", async () => {
    const hostKey = await first.hostKey();
    await first.run("touch", "/root/mark", "/srv/berth/mark");
    await output("docker", ["stop", first.name, `${first.name}-acme`, `${first.name}-dns`]);

    const start = await ended("machine/start.sh", [first.name]);
    assert.equal(start.code, 0, start.stderr);
    await first.run("test", "-e", "/root/mark", "-a", "-e", "/srv/berth/mark");
    assert.equal(await first.hostKey(), hostKey);
    assert.equal(await first.run("systemctl", "is-system-running"), "running");
    assert.match(await first.run("ufw", "status"), /Status: active/);
    assert.equal(
      await first.run("docker", "image", "ls", "--quiet", IMAGE).then((id) => id !== ""),
      true,
    );
    // Pebble has a new root by now, and its DNS still leads to the machine.
    await assertSigned(await first.certificate("two.localhost"), first);

    assert.deepEqual(await ended("machine/start.sh", [first.name]), {
      code: 0,
      stdout: "",
      stderr: "",
    });
  });

  test("come back from a reboot that they start themselves", async () => {
    const began = await startedAt(second.name);
    // The shutdown may end the command that asked for it.
    await ended("docker", ["exec", second.name, "systemctl", "reboot"]);
    const deadline = Date.now() + 180_000;
    while ((await startedAt(second.name)) === began) {
      assert.ok(Date.now() < deadline, "it did not start again within 180 s");
      await new Promise((done) => setTimeout(done, 100));
    }
    await output("machine/start.sh", [second.name]);
    assert.equal(await second.login("hostname"), second.name);
  });

  test("are kept when they are asked for again, and refuse other settings", async () => {
    const made = await output("docker", ["inspect", "--format", "{{.Id}}", first.name]);
    const answer = JSON.parse(await first.createAgain()) as Record<string, unknown>;
    assert.deepEqual({ http: answer.http, https: answer.https, ssh: answer.ssh }, ports);
    assert.equal(await output("docker", ["inspect", "--format", "{{.Id}}", first.name]), made);
    assert.deepEqual(await freePorts(first.name), ports);

    await assert.rejects(
      first.createAgain({ USER_DATA: "#cloud-config\n" }),
      /code 65[^]*exists with other settings/,
    );
  });

  test("leave nothing behind, and removing twice does no harm", async () => {
    assert.notDeepEqual(await first.remains(), []);
    await first.remove();
    assert.deepEqual(await first.remains(), []);
    assert.notDeepEqual(await second.remains(), [], "the other machine stays");
    await first.remove();
  });
});

describe("the scripts of a machine", () => {
  test("say when there is none", async () => {
    for (const name of ["start.sh", "host-key.sh"]) {
      const { code, stderr } = await ended(`machine/${name}`, ["berth-test-none"]);
      assert.equal(code, 3);
      assert.equal(stderr, "error: machine berth-test-none does not exist; `make up` makes it\n");
    }
  });

  test("refuse a name and a port that can't be", async () => {
    const badName = await ended("machine/remove.sh", ["../etc"]);
    assert.equal(badName.code, 64);
    assert.match(badName.stderr, /machine name "\.\.\/etc" is not allowed: lower-case letters/);

    const ports = { HTTP_PORT: "80", HTTPS_PORT: "443", SSH_PORT: "70000" };
    const badPort = await endedScript("machine/create.sh", {
      NAME: "n",
      STACK: "s",
      USER_DATA: "u",
      ...ports,
    });
    assert.equal(badPort.code, 64);
    assert.match(badPort.stderr, /SSH_PORT is "70000"; allowed: a port from 1 to 65535/);
  });

  test("choose ports that nobody has", async () => {
    const chosen = await freePorts("berth-test-none");
    const holder = createServer().listen(chosen.ssh, "127.0.0.1");
    await new Promise((done) => holder.once("listening", done));
    try {
      const others = await freePorts("berth-test-none");
      assert.deepEqual(
        { http: others.http, https: others.https },
        { http: chosen.http, https: chosen.https },
      );
      assert.ok(others.ssh > chosen.ssh);
    } finally {
      holder.close();
    }
  });
});

function servers(resolvConf: string): string {
  return resolvConf
    .split("\n")
    .filter((line) => line.startsWith("nameserver"))
    .join("\n");
}

async function startedAt(name: string): Promise<string> {
  return output("docker", ["inspect", "--format", "{{.State.StartedAt}}", name]);
}

/** Checks that the last certificate of a chain is signed by the root that Pebble has now. */
async function assertSigned(chain: string, machine: Machine): Promise<void> {
  const root = new X509Certificate(await output("machine/acme-root.sh", [machine.name]));
  const last = chain.slice(chain.lastIndexOf("-----BEGIN CERTIFICATE-----"));
  assert.ok(new X509Certificate(last).verify(root.publicKey));
}
