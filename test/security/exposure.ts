import assert from "node:assert/strict";
import { test } from "node:test";
import { named, range } from "./support/neighbour";
import type { ObservedStack } from "./support/observed-stack";

const ALLOWED = [22, 80, 443];
const EVERY_PORT = range(1, 65535);
// Name service, DHCP, time, portmapper, SNMP, Docker's overlay, mDNS, LLMNR, WireGuard, HTTP/3, and the services' own.
const UDP = [
  53, 67, 69, 111, 123, 137, 161, 443, 500, 1900, 4789, 5353, 5355, 5432, 7946, 8000, 51820,
];
const PLANTED = "planted-by-a-test";

/** From a neighbour with a route to the containers too, only 22, 80 and 443 answer. */
export function exposureTests(stack: ObservedStack): void {
  const { neighbour, server } = stack;
  const open = (...addresses: string[]): string[] =>
    addresses.flatMap((address) => ALLOWED.map((port) => `${address} ${port}/tcp`)).sort();

  /** Networks of the server's containers, and the addresses of those that run. */
  function inner(): { networks: string[]; addresses: string[] } {
    const lines = (...command: string[]): string[] =>
      server
        .run(...command)
        .split(/\s+/)
        .filter((word) => word !== "");
    const networks = lines(
      "sh",
      "-c",
      "docker network inspect -f '{{range .IPAM.Config}}{{.Subnet}} {{end}}' $(docker network ls -q)",
    );
    const addresses = lines(
      "sh",
      "-c",
      "docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}} {{.Gateway}} {{end}}' $(docker ps -q)",
    );
    return { networks, addresses: [...new Set(addresses)] };
  }

  /** Waits until the server itself gets an answer at a port. @throws after a minute */
  function awaitAnswer(port: number): void {
    server.run(
      "bash",
      "-c",
      `for i in {1..600}; do curl -so /dev/null http://127.0.0.1:${port}/ && exit; sleep 0.1; done; exit 1`,
    );
  }

  test("from first boot to the end of the deploy only 22, 80 and 443 answered", () => {
    const { watch } = stack;
    assert.ok(watch !== undefined && watch.rounds >= 10, `${watch?.rounds ?? 0} rounds`);
    assert.deepEqual(named(watch.answered), open(neighbour.address4, neighbour.address6));
    process.stdout.write(`ports watched ${watch.rounds} times during make up\n`);
  });

  test(
    "of all ports, over IPv4 and IPv6, only 22, 80 and 443 answer",
    { timeout: 300_000 },
    async () => {
      for (const address of [neighbour.address4, neighbour.address6]) {
        const answered = await neighbour.scan({
          addresses: [address],
          tcp: EVERY_PORT,
          udp: UDP,
          seconds: 1,
        });
        assert.deepEqual(named(answered), open(address));
      }
    },
  );

  test(
    "what Docker publishes for everyone by hand does not answer either, nor does a container's own address",
    { timeout: 300_000 },
    async () => {
      const image = server.run("docker", "inspect", "-f", "{{.Config.Image}}", "battery-hub-api-1");
      server.run("docker", "network", "create", "--ipv6", "--subnet", "fd00:be48::/64", PLANTED);
      try {
        const ports = [
          "-p",
          "0.0.0.0:5432:8000",
          "-p",
          "[::]:5432:8000",
          "-p",
          "0.0.0.0:6379:8000",
        ];
        const serve = ["python", "-m", "http.server", "--bind", "::", "8000"];
        server.run(
          "docker",
          "run",
          "-d",
          "--name",
          PLANTED,
          "--network",
          PLANTED,
          ...ports,
          image,
          ...serve,
        );
        awaitAnswer(5432);
        const { networks, addresses } = inner();
        for (const network of networks) neighbour.route(network);
        const all = [...new Set([...addresses, neighbour.address4, neighbour.address6])];
        const tcp = [
          ...range(1, 1024),
          ...range(4999, 5500),
          6379,
          ...range(8000, 8100),
          ...range(20000, 20110),
        ];
        const scan = { addresses: all, tcp, udp: UDP, seconds: 1 };

        const answered = named(await neighbour.scan(scan)).filter(
          (port) => !/ (22|80|443)\/tcp$/.test(port),
        );
        assert.deepEqual(answered, []);
        // The gateways are the server itself; a container's own port 80 is not.
        const containers = addresses.filter((address) => !/\.1$|::1$/.test(address));
        const inside = named(
          await neighbour.scan({ ...scan, addresses: containers, tcp: [22, 80, 443] }),
        );
        assert.deepEqual(inside, []);

        // The same look finds them all without the rules, so it does reach them.
        server.run("iptables", "-I", "DOCKER-USER", "-j", "ACCEPT");
        try {
          // A small server takes few at a time; the others come to it a second later.
          const found = named(
            await neighbour.scan({ ...scan, tcp: [5432, 6379, 8000], udp: [], seconds: 10 }),
          );
          for (const port of [5432, 6379])
            assert.ok(found.includes(`${neighbour.address4} ${port}/tcp`), found.join(", "));
          assert.ok(
            found.some((name) => / 8000\/tcp$/.test(name) && !name.startsWith(neighbour.address4)),
            found.join(", "),
          );
        } finally {
          server.run("iptables", "-D", "DOCKER-USER", "-j", "ACCEPT");
        }
      } finally {
        server.run("sh", "-c", `docker rm -f ${PLANTED}; docker network rm ${PLANTED}`);
      }
    },
  );

  test(
    "a port that is opened by hand is found, over IPv4 and IPv6",
    { timeout: 120_000 },
    async () => {
      server.run(
        "bash",
        "-c",
        "ufw allow 5999/tcp >/dev/null; systemd-run -q --unit=planted python3 -m http.server --bind :: 5999",
      );
      try {
        const addresses = [neighbour.address4, neighbour.address6];
        awaitAnswer(5999);
        const answered = await neighbour.scan({
          addresses,
          tcp: [5998, 5999],
          udp: [],
          seconds: 10,
        });
        assert.deepEqual(named(answered), addresses.map((address) => `${address} 5999/tcp`).sort());
      } finally {
        server.run("bash", "-c", "systemctl stop planted; ufw delete allow 5999/tcp >/dev/null");
      }
    },
  );
}
