import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { eventually } from "../e2e/support/server";
import type { HardenedStack } from "./hardened-stack";

const SCRIPT = "/opt/berth/host/prepare/sshd.sh";

/** Runs before each test: sshd shuts out for a while whoever failed to log in a few times. */
async function forgive(stack: HardenedStack): Promise<void> {
  const { code, stderr } = await stack.bash(
    // More restarts than systemd takes from a service in ten seconds.
    "systemctl reset-failed ssh; systemctl restart ssh",
  );
  assert.equal(code, 0, stderr);
  await eventually("sshd listening", 120, async () => {
    return (await stack.bash("ss -Hltn sport = :22 | grep -q .")).code === 0;
  });
}

/** Tests of what sshd offers to a stranger, and what it refuses. */
export function testSsh(stack: HardenedStack): void {
  beforeEach(() => forgive(stack));

  const login = async (user: string, ...options: string[]): Promise<string> => {
    const { code, stderr } = await stack.audit([
      ...["ssh", "-F", "/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "ConnectTimeout=60"],
      ...["-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "BatchMode=yes"],
      ...[...options, `${user}@${stack.address}`, "true"],
    ]);
    assert.equal(code, 255, "the login should have been refused");
    return stderr.trim();
  };

  test("ssh-audit has nothing against it", { timeout: 120_000 }, async () => {
    const { code, stdout } = await stack.audit(["ssh-audit", "--timeout", "60", stack.address]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /\(kex\) mlkem768x25519-sha256/);
    assert.match(stdout, /\(key\) ssh-ed25519/);
  });

  test("a password lets nobody in, also one that is right", async () => {
    const set = await stack.bash(
      "useradd --create-home --shell /bin/bash guest && echo guest:right | chpasswd",
    );
    assert.equal(set.code, 0, set.stderr);
    for (const user of ["berth", "root", "guest"]) {
      const refusal = await login(
        user,
        ...["-o", "PreferredAuthentications=password,keyboard-interactive"],
      );
      assert.match(refusal, /Permission denied \(publickey\)\.$/, user);
    }
    await stack.bash("userdel --remove guest");
  });

  test("root is refused, also with a key that is let in as another", async () => {
    await stack.audit(["sh", "-c", "test -f /key || ssh-keygen -q -t ed25519 -N '' -f /key"]);
    const key = (await stack.audit(["cat", "/key.pub"])).stdout;
    const homes = ["/root", "/home/guest"];
    await stack.bash("useradd --create-home --shell /bin/bash guest");
    for (const home of homes) {
      const placed = await stack.bash(
        `install -d -m 0700 ${home}/.ssh && cat >${home}/.ssh/authorized_keys && chown -R $(stat -c %U ${home}) ${home}/.ssh`,
        key,
      );
      assert.equal(placed.code, 0, placed.stderr);
    }
    assert.match(await login("root", "-i", "/key"), /Permission denied \(publickey\)\.$/);
    const guest = await stack.audit([
      ...["ssh", "-F", "/dev/null", "-i", "/key", "-o", "StrictHostKeyChecking=no"],
      ...["-o", "UserKnownHostsFile=/dev/null", `guest@${stack.address}`, "echo", "in"],
    ]);
    assert.equal(guest.stdout.trim(), "in", guest.stderr);
    await stack.bash("rm -rf /root/.ssh; userdel --force --remove guest");
  });

  test("operators still log in", { timeout: 120_000 }, async () => {
    const { status, output } = await stack.project.make("ssh", { COMMAND: "id --user --name" });
    assert.equal(status, 0, output);
    assert.match(output, /^berth$/m);
  });

  test("a configuration that sshd refuses is put back", async () => {
    const file = "/opt/berth/host/files/sshd-hardening.conf";
    const placed = "/etc/ssh/sshd_config.d/11-berth-hardening.conf";
    await stack.bash(`cp -p ${file} ${file}.kept && echo 'KexAlgorithms no-such-thing' >>${file}`);
    await stack.bash(`sed -i 's/^KexAlgorithms -.*//' ${file}`);
    const { code, stderr } = await stack.bash(SCRIPT);
    assert.equal(code, 30, stderr);
    assert.match(stderr, /that of before stays: .*no-such-thing/s);
    const now = await stack.bash(`mv ${file}.kept ${file} && cmp ${file} ${placed} && sshd -t`);
    assert.equal(now.code, 0, now.stdout + now.stderr);
  });

  test("a file of the server's own that lets root in is named", async () => {
    const other = "/etc/ssh/sshd_config.d/00-hoster.conf";
    await stack.bash(`echo 'PermitRootLogin yes' >${other}`);
    const { code, stderr } = await stack.bash(SCRIPT);
    await stack.bash(`rm ${other}`);
    assert.equal(code, 30, stderr);
    assert.match(stderr, /"permitrootlogin yes".*00-hoster\.conf/s);
    assert.equal((await stack.bash(SCRIPT)).code, 0);
  });
}
