import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fetchLocally } from "../support/https";
import type { RunningStack } from "./running-stack";

const DOCKERFILE = "apps/battery-hub/api/Dockerfile";
const BROKEN_BUILD = "\nRUN seq -f line-%g-of-it 1 300 && echo the-build-is-broken && exit 7\n";

/** What goes wrong at run time around a stack that serves: each has a clear end, and the stack goes on serving. */
export function failures(stack: RunningStack): void {
  const { project, server } = stack;

  test("without Docker, make up says how to get it back", { timeout: 180_000 }, async () => {
    const { status, output } = await project.make("up", { DOCKER_HOST: "unix:///run/none.sock" });
    assert.notEqual(status, 0);
    assert.match(output, /Docker Engine does not answer at DOCKER_HOST=unix:\/\/\/run\/none\.sock/);
    assert.match(output, /run the same command again/);
  });

  test("with too little disk space here, nothing is begun", { timeout: 180_000 }, async () => {
    const { status, output } = await project.run("commands/up.sh", [], {
      BERTH_MIN_FREE_GB: "900000",
    });
    assert.equal(status, 28, output);
    assert.match(output, /too little disk space on this machine; at least 900000 GB/);
    assert.match(output, /- \/\S+ has \d+\.\d GB free/);
    assert.match(output, /Next: +make room/);
  });

  test(
    "a build that fails ends with its last lines, not with pages",
    { timeout: 300_000 },
    async () => {
      project.edit(DOCKERFILE, (text) => text + BROKEN_BUILD);
      const output = await stack.upFails("build");
      assert.match(output, /the-build-is-broken/);
      assert.match(output, /Kept: +stack and server/);
      assert.doesNotMatch(output, /line-150-of-it/);
      project.edit(DOCKERFILE, (text) => text.replace(BROKEN_BUILD, ""));
      assert.match(await stack.up(), /nothing to change/);
    },
  );

  test(
    "names that lead elsewhere are named with the records to make",
    { timeout: 300_000 },
    async () => {
      // Without a certificate, so that one has to be asked for; what is served is a copy.
      server.run(
        "sh",
        "-c",
        "rm -rf /etc/letsencrypt/*/battery-hub /etc/letsencrypt/*/battery-hub.conf",
      );
      const address = (from: string, to: string): void =>
        project.edit("components/local-server.ts", (text) =>
          text.replace(
            `dnsAddress = pulumi.output("${from}")`,
            `dnsAddress = pulumi.output("${to}")`,
          ),
        );
      address("", "192.0.2.7");
      project.edit("host/certificate.sh", (text) =>
        text.replace("AWAIT_SECONDS:=300", "AWAIT_SECONDS:=1"),
      );
      const output = await stack.upFails("certificate");
      assert.match(output, /battery-hub\.localhost {2}A {2}192\.0\.2\.7/);
      assert.match(output, /Next: +make the DNS records that are named above/);
      assert.equal((await stack.health()).status, "ok");
      address("192.0.2.7", "");
    },
  );

  test(
    "a refusal of the authority leaves the old certificate in force",
    { timeout: 300_000 },
    async () => {
      const names = `http://${addressOf(`${server.machine}-dns`)}:8055/set-default-ipv4`;
      const lead = (address: string): string =>
        server.run("curl", "-sf", "-d", JSON.stringify({ ip: address }), names);
      const before = stack.serial();
      // To where nothing answers on port 80: the authority itself.
      lead(addressOf(`${server.machine}-acme`));
      try {
        const output = await stack.upFails("certificate");
        assert.match(
          output,
          /https:\/\/acme:14000\/dir gave no certificate for api\.battery-hub\.localhost, /,
        );
        assert.match(output, /dial tcp [0-9.]+:80: connect: connection refused/);
        assert.match(output, /Kept: +the release runs/);
        const { certificate } = await fetchLocally(stack.urls.main ?? "", stack.root);
        assert.equal(certificate.serialNumber, before);
      } finally {
        lead(addressOf(server.machine));
      }
      await stack.up();
      assert.notEqual(stack.serial(), before);
      await stack.refresh();
      assert.equal((await stack.health()).status, "ok");
    },
  );

  test(
    "interrupted by Ctrl-C, make up ends its step, says so, and goes on afterwards",
    { timeout: 300_000 },
    async () => {
      const old = await project.output("dbPanelPassword");
      const set = await project.pulumi(
        "config",
        "set",
        "--path",
        "secretVersions.dbPanelPassword",
        "2",
      );
      assert.equal(set.status, 0, set.output);
      const { status, output } = await project.runUntil(
        "commands/up.sh",
        /> migrate/,
        {},
        "SIGINT",
      );
      assert.notEqual(status, 0, output);
      assert.match(output, /interrupted: the step under way is ended/);
      assert.match(output, /Next: +make up STACK=\S+ goes on from there/);
      await stack.up();
      assert.notEqual(await project.output("dbPanelPassword"), old);
      assert.equal((await stack.health()).status, "ok");
    },
  );
}

function addressOf(container: string): string {
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
  return execFileSync("docker", ["inspect", "--format", format, container], {
    encoding: "utf8",
  }).trim();
}
