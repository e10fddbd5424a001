import assert from "node:assert/strict";
import { test } from "node:test";
import { hardenService } from "../../lib/container-hardening";
import type { HardenedStack } from "./hardened-stack";

const SERVICES = ["api", "cron", "frontend", "panel", "postgres"];

interface Inspected {
  readonly Name: string;
  readonly Config: { readonly User: string; readonly Labels: Readonly<Record<string, string>> };
  readonly State: { readonly Pid: number };
  readonly HostConfig: Readonly<Record<string, unknown>> & {
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly PidsLimit: number | null;
  };
  readonly Mounts: readonly { readonly Source: string; readonly RW: boolean }[];
}

/** Tests of what each container on the server may do. */
export function testContainers(stack: HardenedStack): void {
  const ask = async (line: string, stdin = ""): Promise<string> => {
    const { code, stdout, stderr } = await stack.bash(line, stdin);
    assert.equal(code, 0, stdout + stderr);
    return stdout.trim();
  };
  const inspect = async (names: string): Promise<Inspected[]> =>
    JSON.parse(await ask(`docker inspect ${names}`)) as Inspected[];

  const assertRestricted = (container: Inspected): void => {
    const { HostConfig: host } = container;
    assert.deepEqual(host.CapDrop, ["ALL"], "capabilities are kept");
    assert.ok(!host.CapAdd || (host.CapAdd as string[]).length === 0, "capabilities are added");
    assert.deepEqual(host.SecurityOpt, ["no-new-privileges:true"]);
    assert.equal(host.ReadonlyRootfs, true, "the root file system can be written to");
    assert.ok(host.Memory > 0, "no limit of memory");
    assert.ok(Number(host.PidsLimit) > 0, "no limit of processes");
    assert.equal(host.Privileged, false);
    for (const mode of ["NetworkMode", "PidMode", "IpcMode", "UTSMode"])
      assert.notEqual(host[mode], "host", mode);
    for (const { Source } of container.Mounts)
      assert.match(Source, /^\/srv\/berth\/|^\/opt\/battery-hub\//, "a folder of the server");
  };

  test("the running services are those of the application, and no others", async () => {
    const running = await inspect("$(docker ps --quiet)");
    const names = running.map(({ Config }) => Config.Labels["com.docker.compose.service"]);
    assert.deepEqual(names.sort(), SERVICES);
  });

  for (const service of SERVICES) {
    test(`${service}: no rights, a read-only root, limits, and not as root`, async () => {
      const [container] = await inspect(
        `$(docker ps --quiet --filter label=com.docker.compose.service=${service})`,
      );
      assert.ok(container !== undefined);
      assertRestricted(container);
      assert.match(container.Config.User, /^[1-9]\d*:[1-9]\d*$/, "the user is a number, not root");
      // What the kernel says of it, and of all it started.
      const processes = await ask(`docker top ${container.Name} -eo pid | tail -n +2`);
      for (const process of processes.split("\n")) {
        const status = await ask(`cat /proc/${process.trim()}/status || true`);
        if (status === "") continue;
        assert.match(status, /^NoNewPrivs:\t1$/m);
        for (const set of ["CapEff", "CapPrm", "CapBnd"])
          assert.match(status, new RegExp(`^${set}:\t0+$`, "m"));
        assert.match(status, /^Uid:(\t[1-9]\d*){4}$/m);
        assert.match(status, /^Seccomp:\t2$/m);
      }
      const { code } = await stack.bash(`docker exec ${container.Name} touch /etc/written`);
      assert.notEqual(code, 0, "a file of the root file system could be made");
    });
  }

  test("a service whose Compose file says nothing of it is restricted as well", async () => {
    const [api] = await inspect("$(docker ps -q --filter label=com.docker.compose.service=api)");
    const service = {
      ...hardenService({}),
      image: await ask(`docker inspect --format '{{.Config.Image}}' ${api?.Name ?? ""}`),
      command: ["sleep", "300"],
      network_mode: "none",
    };
    const compose = "docker compose --progress quiet --project-name quiet --file -";
    const file = JSON.stringify({ name: "quiet", services: { quiet: service } });
    try {
      await ask(`${compose} up --detach`, file);
      const [container] = await inspect("quiet-quiet-1");
      assert.ok(container !== undefined);
      assertRestricted(container);
      assert.equal(container.HostConfig.Memory, 1024 ** 3);
      assert.equal(container.HostConfig.PidsLimit, 512);
      await ask("docker exec quiet-quiet-1 touch /tmp/written");
    } finally {
      await ask(`${compose} down --timeout 0`, file);
    }
  });
}
