import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { machineCache, onMachine, type Machine } from "./machine";
import { official, PLACES, Publisher, withPublisher } from "./publisher";
import { versions } from "./versions";

const processor = arch() === "arm64" ? "arm64" : "x64";
const composeFile = `docker-compose-${platform()}-${arch() === "arm64" ? "aarch64" : "x86_64"}`;

function script(text: string): string {
  return `#!/bin/sh\necho "${text}"\n`;
}

/** A gzipped archive of the folder of that name in the machine's folder. */
function archive(machine: Machine, folder: string): Buffer {
  return execFileSync("tar", ["-C", machine.folder, "-cz", folder]);
}

onMachine("places that swallow connections are given up, once", async (machine) => {
  await withPublisher(Publisher.openSilent(), async (publisher) => {
    official(machine, publisher, ...PLACES);
    machine.with({ BERTH_OFFICIAL_ANSWER_SECONDS: "15" }).withShim("go");
    const steps = ["pulumi", "compose", "buildx"];

    const run = await machine.setUp(...steps);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /✓ Docker Compose 2\.40\.3 \(built from Go modules\)/);
    const asked = [...publisher.asked];
    assert.ok(asked.length > 0);

    rmSync(join(machine.cache, "tools"), { recursive: true });
    const later = await machine.setUp(...steps);
    assert.equal(later.code, 0, later.stderr);
    assert.deepEqual(publisher.asked, asked, "asked again");
    assert.equal(machine.builds().length, 2 * steps.length);
  });
});

onMachine("places are asked side by side", async (machine) => {
  const steps = ["pulumi", "compose", "buildx"];
  await withPublisher(Publisher.openForAll(steps.length), async (publisher) => {
    official(machine, publisher, ...PLACES);
    machine.withShim("go");
    const run = await machine.setUp(...steps);
    assert.equal(run.code, 0, run.stderr);
    assert.equal(publisher.mostAtOnce, steps.length);
  });
});

onMachine("a place has 4 s to answer", async (machine) => {
  const said = join(machine.folder, "curl");
  machine.write("shims/curl", `#!/bin/sh\necho "$*" >>'${said}'\nexit 28\n`, 0o755);
  machine.withShim("go").with({ BERTH_OFFICIAL: undefined });
  const run = await machine.setUp("compose");
  assert.equal(run.code, 0, run.stderr);
  assert.match(readFileSync(said, "utf8"), /^--fail .* --max-time 4 .*\n$/);
});

onMachine("official downloads come first, checked against the published list", async (machine) => {
  await withPublisher(Publisher.open(), async (publisher) => {
    official(machine, publisher, "COMPOSE", "PULUMI", "NODE");
    publisher.publish(composeFile, script("Docker Compose of its publisher"));
    publisher.publishChecksums("checksums.txt", composeFile);

    const cli = `pulumi-v${versions.PULUMI_CLI_VERSION}-${platform()}-${processor}.tar.gz`;
    machine.write("pulumi/pulumi", script(`v${versions.PULUMI_CLI_VERSION}`), 0o755);
    machine.write("pulumi/pulumi-language-nodejs", script("host"), 0o755);
    machine.write("pulumi/pulumi-resource-pulumi-nodejs", script("dynamic"), 0o755);
    machine.write("pulumi/pulumi-language-go", script("not for us"), 0o755);
    publisher.publish(cli, archive(machine, "pulumi"));
    publisher.publishChecksums(`pulumi-${versions.PULUMI_CLI_VERSION}-checksums.txt`, cli);

    const node = `node-v${versions.NODE_VERSION}-${platform()}-${processor}`;
    for (const command of ["node", "npm", "npx"]) {
      machine.write(`${node}/bin/${command}`, script(`v${versions.NODE_VERSION}`), 0o755);
    }
    publisher.publish(`${node}.tar.gz`, archive(machine, node));
    publisher.publishChecksums("SHASUMS256.txt", `${node}.tar.gz`);
    // An old Node of the machine's own must not end the search.
    machine.write("shims/node", script("20.0.0"), 0o755);
    machine.write("shims/npm", script("10"), 0o755);
    machine.withShim("go");

    const steps = ["node", "pulumi", "language-host", "compose"];
    const run = await machine.setUp(...steps);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /✓ Node \S+ \(from nodejs\.org\)/);
    assert.match(run.stdout, /✓ Pulumi CLI \S+ \(from get\.pulumi\.com\)/);
    assert.match(run.stdout, /✓ Pulumi language host for Node \(came with the CLI\)/);
    assert.match(run.stdout, /✓ Docker Compose \S+ \(from its GitHub release\)/);
    assert.deepEqual(machine.builds(), []);
    assert.equal(
      execFileSync(join(machine.cache, "bin/docker-compose"), { encoding: "utf8" }),
      "Docker Compose of its publisher\n",
    );
    assert.deepEqual(machine.list(`tools/pulumi-${versions.PULUMI_CLI_VERSION}/bin`), [
      "pulumi",
      "pulumi-language-nodejs",
      "pulumi-resource-pulumi-nodejs",
    ]);
    assert.match((await machine.setUp(...steps)).stdout, /everything is there/);
  });
});

for (const [what, list] of [
  ["does not match", `${"0".repeat(64)}  ${composeFile}\n`],
  ["is not listed", `${"0".repeat(64)}  another-file\n`],
] as const) {
  onMachine(`a download whose checksum ${what} is refused`, async (machine) => {
    await withPublisher(Publisher.open(), async (publisher) => {
      official(machine, publisher, "COMPOSE");
      machine.withShim("go");
      publisher.publish(composeFile, script("something else"));
      publisher.publish("checksums.txt", list);

      const run = await machine.setUp("compose", "buildx");
      assert.equal(run.code, 1);
      assert.match(run.stderr, /✗ Docker Compose/);
      assert.match(run.stderr, /refused: http.*does not match the checksum its publisher lists/s);
      assert.match(run.stderr, /BERTH_OFFICIAL=no toolchain\/setup\.sh/);
      assert.ok(!machine.offers("docker-compose"));
      // Nor is it made in another way behind the user's back; what does not need it goes on.
      assert.deepEqual(machine.builds(), ["docker-buildx"]);
    });
  });
}

onMachine("a place that breaks off is left for the package registry", async (machine) => {
  await withPublisher(Publisher.open(), async (publisher) => {
    official(machine, publisher, "COMPOSE");
    machine.withShim("go");
    publisher.publish("checksums.txt", "");

    const run = await machine.setUp("compose");
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /✓ Docker Compose 2\.40\.3 \(built from Go modules\)/);
  });
});

onMachine(
  "official plugins are installed by the real CLI, and no stand-in is on PATH",
  async (machine) => {
    await withPublisher(Publisher.open(), async (publisher) => {
      official(machine, publisher, "PLUGINS");
      machine.with({ PULUMI_HOME: join(machine.cache, "pulumi-home") });
      mkdirSync(join(machine.cache, "bin"), { recursive: true });
      symlinkSync(join(machineCache, "bin/pulumi"), join(machine.cache, "bin/pulumi"));
      // Stand-ins from when the publisher was not reached.
      mkdirSync(join(machine.cache, "plugins/older"), { recursive: true });
      symlinkSync("older", join(machine.cache, "plugins/current"));
      const plugins: [string, string][] = [
        ["command", versions.PULUMI_COMMAND_VERSION],
        ["random", versions.PULUMI_RANDOM_VERSION],
        ["tls", versions.PULUMI_TLS_VERSION],
      ];
      for (const [name, version] of plugins) {
        const file = machine.write(`${name}/pulumi-resource-${name}`, script(name), 0o755);
        const packed = execFileSync("tar", [
          "-C",
          join(file, ".."),
          "-cz",
          `pulumi-resource-${name}`,
        ]);
        const machineName = `${platform()}-${processor === "x64" ? "amd64" : "arm64"}`;
        publisher.publish(`pulumi-resource-${name}-v${version}-${machineName}.tar.gz`, packed);
        mkdirSync(join(machine.cache, `pulumi-home/plugins/resource-${name}-v${version}`), {
          recursive: true,
        });
      }

      const run = await machine.setUp("plugins");
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stdout, /✓ Pulumi plugins .* \(from their publisher\)/);
      assert.ok(!existsSync(join(machine.cache, "plugins/current")));
      assert.match((await machine.setUp("plugins")).stdout, /everything is there/);
      const kind = await machine.run(
        "sh",
        "-c",
        '. "$0"; echo "$BERTH_PLUGINS ${PULUMI_HOME-the user\'s}"; ls "$HOME/.pulumi/plugins"',
        join(__dirname, "../../toolchain/env.sh"),
      );
      assert.match(
        kind.stdout,
        /^official the user's\n(.*\n)?resource-command-v1\.2\.1\n(.*\n)*resource-random-v4/,
      );
    });
  },
);
