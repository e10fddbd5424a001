import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { HardenedStack } from "./hardened-stack";

/** Tests of the system around the containers. */
export function testHost(stack: HardenedStack): void {
  const ask = async (line: string): Promise<string> => {
    const { code, stdout, stderr } = await stack.bash(line);
    assert.equal(code, 0, stdout + stderr);
    return stdout.trim();
  };

  test("Lynis: hardening index of 80 or more", { timeout: 1_200_000 }, async (context) => {
    await stack.lendLynis(join(__dirname, "lynis.prf"));
    await ask("lynis audit system --quick --no-colors >/var/log/lynis-output 2>&1 || true");
    const report = await ask("cat /var/log/lynis-report.dat");
    const index = Number(/^hardening_index=(\d+)$/m.exec(report)?.[1]);
    const open = [...report.matchAll(/^suggestion\[\]=(\S+?)\|([^|]*)/gm)];
    context.diagnostic(`hardening index ${index}`);
    assert.ok(
      index >= 80,
      [`index ${index}`, ...open.map((found) => found.slice(1, 3).join(" "))].join("\n"),
    );
    assert.doesNotMatch(report, /^warning\[\]=/m);
  });

  test("what its profile leaves out does not apply here", async () => {
    assert.equal(await ask("passwd --status --all | awk '$2 == \"P\" { print $1 }'"), "");
    assert.equal(await ask("systemd-detect-virt --container"), "docker");
    assert.match(await ask("ufw status verbose"), /^Default: deny \(incoming\).*deny \(routed\)$/m);
    assert.match(await ask("sshd -T"), /^persourcepenalties .*authfail:/m);
    assert.equal(await ask("systemctl is-enabled apt-daily-upgrade.timer"), "enabled");
    assert.match(await ask("apt-config dump"), /^APT::Periodic::Unattended-Upgrade "1";$/m);
  });

  test("the kernel forwards for the containers, and does nothing else of a router", async () => {
    const settings = await ask("sysctl --all --pattern '^net.ipv[46].conf.(all|default)\\.'");
    for (const name of ["accept_redirects", "accept_source_route"])
      for (const version of ["ipv4", "ipv6"])
        for (const which of ["all", "default"])
          assert.ok(settings.includes(`net.${version}.conf.${which}.${name} = 0\n`), name);
    assert.match(settings, /^net\.ipv4\.conf\.all\.send_redirects = 0$/m);
    assert.match(settings, /^net\.ipv4\.conf\.all\.rp_filter = 1$/m);
  });

  test("nothing leaves an image of its memory on the disk", async () => {
    assert.equal(await ask("su - berth -c 'ulimit -H -c'"), "0");
    assert.equal(await ask("systemctl show --property DefaultLimitCORE --value"), "0");
    const limits = "docker ps -q | xargs docker inspect --format '{{json .HostConfig.Ulimits}}'";
    for (const line of (await ask(limits)).split("\n"))
      assert.deepEqual(JSON.parse(line), [{ Name: "core", Hard: 0, Soft: 0 }]);
  });

  test("the registry runs as its own user, without rights, within limits", async () => {
    const shown = await ask("systemctl show --all docker-registry");
    const properties = Object.fromEntries(
      shown.split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    const expected = {
      ActiveState: "active",
      User: "docker-registry",
      NoNewPrivileges: "yes",
      ProtectSystem: "strict",
      ReadWritePaths: "/srv/berth/registry",
      CapabilityBoundingSet: "",
      MemoryMax: String(512 * 1024 * 1024),
      TasksMax: "256",
    };
    for (const [name, value] of Object.entries(expected))
      assert.equal(properties[name], value, name);
    const status = await ask(`cat /proc/${properties.MainPID ?? ""}/status`);
    assert.match(status, /^NoNewPrivs:\t1$/m);
    assert.match(status, /^CapBnd:\t0+$/m);
    assert.doesNotMatch(status, /^Uid:\t0\t/m);
    const score = await ask("systemd-analyze security --no-pager docker-registry | tail -n 1");
    assert.ok(Number(/: ([\d.]+) /.exec(score)?.[1]) < 3, score);
  });

  test("hardening the host once more changes nothing", async () => {
    const stamps =
      "stat -c '%n %Y %Z' /etc/sysctl.d/* /etc/modprobe.d/* /etc/issue* /etc/ssh/sshd_config.d/*";
    const before = await ask(stamps);
    await ask("/opt/berth/host/prepare/hardening.sh && /opt/berth/host/prepare/sshd.sh");
    assert.equal(await ask(stamps), before);
  });
}
