import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { filesWith, layerHas } from "./support/files";
import { foundIn } from "./support/needles";
import { docker } from "./support/neighbour";
import type { ObservedStack } from "./support/observed-stack";
import { leaksOf } from "./support/process-sampler";

const MASKED = ["preview", "--diff"];
/** Files of the server that hold secrets, each for root alone. */
const KEEPERS = [
  /^\/opt\/battery-hub\/releases\/[0-9a-f]{12}\/\.env$/,
  /^\/opt\/battery-hub\/data\.env$/,
  // What Docker and containerd start a container with: those of its own service, see the test of `docker inspect`.
  /^\/var\/lib\/docker\/containers\/[0-9a-f]{64}\/config\.v2\.json$/,
  /^\/var\/lib\/containerd\/io\.containerd\.metadata\.v1\.bolt\/meta\.db$/,
  /^\/run\/containerd\/io\.containerd\.runtime\.v2\.task\/moby\/[0-9a-f]{64}\/config\.json$/,
  // The same for a health check, gone when it has begun.
  /^\/tmp\/runc-process\d+$/,
];

interface Inspected {
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
}

/** The secrets and the private SSH key are where they belong, and nowhere else. */
export function leakTests(stack: ObservedStack): void {
  const { server, project } = stack;
  const found = (text: string): string[] => foundIn(text, stack.needles);

  test("of the processes, sampled 20 times a second during make up, each has what is its own", () => {
    const { sightings, rounds, seconds } = stack.sample;
    process.stdout.write(
      `${sightings.length} arguments and variables, ${(rounds / seconds).toFixed(1)} looks a second\n`,
    );
    assert.ok(rounds / seconds > 4, `only ${(rounds / seconds).toFixed(1)} looks a second`);
    for (const place of ["pulumi", "migrate.sh", "release.sh", "push.sh", "dockerd"]) {
      assert.ok(
        sightings.some(({ kind, text }) => kind === "arguments" && text.includes(place)),
        `${place} was not seen`,
      );
    }
    const { containers } = stack;
    assert.ok(containers);
    assert.deepEqual(containers.seen, ["api", "cron", "frontend", "migrate", "panel", "postgres"]);
    const own = (container: string): string[] => stack.secretsOf(containers.serviceOf(container));
    const inService = sightings.filter(
      ({ kind, containers: all, text }) =>
        kind === "environment" && all.length > 1 && found(text).length > 0,
    );
    assert.ok(inService.length > 0, "no service was seen with its own secrets");
    assert.deepEqual([...new Set(leaksOf(sightings, stack.needles, own))], []);
  });

  test("commands print none, whatever they print", { timeout: 300_000 }, async () => {
    const name = ["--stack", project.stack, "--non-interactive"];
    await stack.print("make preview", "make", "--no-print-directory", "preview");
    for (const command of [
      [...MASKED, "--json"],
      ["stack"],
      ["stack", "output"],
      ["stack", "output", "--json"],
      ["stack", "export"],
      ["config"],
      ["stack", "history", "--json"],
    ]) {
      assert.equal(
        await stack.print(`pulumi ${command.join(" ")}`, "pulumi", ...command, ...name),
        0,
        command.join(" "),
      );
    }
    for (const name of stack.secrets.map((secret) => secret.name)) {
      const shown = JSON.parse(stack.printed.get("pulumi stack output --json") ?? "{}") as Record<
        string,
        unknown
      >;
      assert.equal(shown[name], "[secret]", name);
    }
    expectClean(stack);
  });

  test(
    "a failing release tells why, and no secret, though the application prints all it has",
    { timeout: 600_000 },
    async () => {
      stack.breakApi();
      assert.notEqual(
        await stack.print("failing make up", "make", "--no-print-directory", "up"),
        0,
      );
      const printed = stack.printed.get("failing make up") ?? "";
      assert.match(printed, /service api is /);
      assert.match(printed, /can't start with/);
      assert.match(printed, /\[secret\]/);
      expectClean(stack);
    },
  );

  test("journal and logs hold none", () => {
    const logs: Readonly<Record<string, string>> = {
      "journal with the arguments of its writers": "journalctl --no-pager -o export",
      "log of PostgreSQL": "docker logs battery-hub-data-postgres-1 2>&1",
      "logs of nginx": "cat /var/log/nginx/*",
      "user data and cloud-init":
        "cat /var/lib/cloud/instance/*.txt /var/log/cloud-init*.log; cat /var/lib/cloud/seed/nocloud/*",
      "kernel's log": "dmesg || true",
    };
    for (const [what, command] of Object.entries(logs)) {
      const text = server.run("bash", "-c", command);
      if (!what.startsWith("kernel")) assert.ok(text.length > 100, `${what} is empty`);
      assert.deepEqual(found(text), [], what);
    }
  });

  test("a container is told the secrets of its own service only, and the server's container none", () => {
    const all = JSON.parse(
      server.run("sh", "-c", "docker inspect $(docker ps -aq)"),
    ) as Inspected[];
    assert.ok(all.length >= 5, `${all.length} containers`);
    for (const one of all) {
      const service = one.Config.Labels["com.docker.compose.service"] ?? "";
      assert.deepEqual(found(JSON.stringify(one)).sort(), stack.secretsOf(service).sort(), service);
    }
    for (const machine of ["", "-acme", "-dns", "-neighbour"]) {
      assert.deepEqual(found(docker("inspect", server.machine + machine)), [], machine);
    }
  });

  test(
    "on the server only files of root hold secrets, and only those that have to",
    { timeout: 300_000 },
    async () => {
      const left = ["proc", "sys", "dev", "usr", "overlay2"].map((name) => `--exclude-dir=${name}`);
      const inside = ["docker", "exec", "--interactive", server.machine];
      const files = await filesWith(stack.needles, ["/"], left, inside);
      assert.ok(files.length > 0, "the search sees nothing");
      assert.deepEqual(
        files.filter((file) => !isKeeper(file)),
        [],
      );
      const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
      const readable = server.run(
        "sh",
        "-c",
        'for file in "$@"; do if ' +
          nobody.join(" ") +
          ' test -r "$file"; then echo "$file"; fi; done',
        "sh",
        ...files,
      );
      assert.equal(readable, "");
    },
  );

  test(
    "no layer and no history of an image holds one, nor a file that was left beside the sources",
    { timeout: 300_000 },
    async () => {
      const store = join(project.environment.BERTH_CACHE ?? "", "oci", "blobs", "sha256");
      const release = JSON.parse(
        readFileSync(join(project.folder, "releases/local.json"), "utf8"),
      ) as { images: Record<string, { digest: string }> };
      const blobs = new Set<string>();
      for (const { digest } of Object.values(release.images)) {
        const manifest = readFileSync(join(store, digest.replace("sha256:", "")), "utf8");
        for (const [, hash] of manifest.matchAll(/"sha256:([0-9a-f]{64})"/g)) blobs.add(hash ?? "");
      }
      assert.ok(blobs.size >= 8, `${blobs.size} layers and configurations`);
      for (const hash of blobs)
        assert.equal(await layerHas(stack.needles, join(store, hash)), false, hash);
    },
  );

  test(
    "on the operator's machine no file holds one: state, history, project, cache, temporary files",
    { timeout: 300_000 },
    async () => {
      const { folder, environment } = project;
      const cache = environment.BERTH_CACHE ?? "";
      const large = [
        "node_modules",
        "oci",
        "tools",
        "plugins",
        "simulator",
        "bin",
        "rehearsal",
        "node-compile-cache",
      ];
      const state = execFileSync("find", [folder, "-path", "*/.pulumi/*", "-type", "f"], {
        encoding: "utf8",
      });
      for (const kind of [/\/stacks\//, /\/history\//, /\/backups\/|\.bak/])
        assert.match(state, kind);
      const folders = [folder, stack.temporary, cache, join(homedir(), ".pulumi")].filter((path) =>
        existsSync(path),
      );
      const files = await filesWith(
        stack.needles,
        folders,
        large.map((name) => `--exclude-dir=${name}`),
      );
      const planted = join(folder, "apps/battery-hub/api/battery_hub/.env");
      assert.deepEqual(files, [planted]);
      assert.deepEqual(
        readdirSync(stack.temporary).filter((name) => /key|push|seed/.test(name)),
        [],
      );
    },
  );
}

function expectClean(stack: ObservedStack): void {
  const leaks = [...stack.printed].flatMap(([what, text]) =>
    foundIn(text, stack.needles).map((name) => `${name} in what "${what}" prints`),
  );
  assert.deepEqual(leaks, []);
}

function isKeeper(file: string): boolean {
  return KEEPERS.some((keeper) => keeper.test(file));
}
