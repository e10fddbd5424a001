import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DataStack } from "./data-stack";
import { IMAGE } from "./postgres-image";
import { attempt, output } from "./shell";

// Data services of an application whose database is managed elsewhere, or that has none.
let stack: DataStack;

before(async () => {
  stack = await DataStack.make("services");
});

after(async () => {
  await attempt("docker", ["rm", "--force", "--volumes", container()]);
  await stack.remove();
});

function container(): string {
  return `${stack.app}-data-cache-1`;
}

function folder(volume: string): string {
  return join(stack.root, "srv/berth", stack.app, "volumes", volume);
}

function compose(volumes: Readonly<Record<string, string>>, changes: object = {}): string {
  const cache = {
    image: IMAGE,
    init: true,
    entrypoint: ["sleep", "3600"],
    healthcheck: { test: ["CMD", "true"], interval: "1s" },
    environment: { PASSWORD: "${PASSWORD:?is missing}" },
    volumes: Object.entries(volumes).map(([volume, target]) => ({
      type: "bind",
      source: folder(volume),
      target,
      bind: {},
    })),
    networks: ["data"],
    ...changes,
  };
  const networks = { data: { external: true, name: `${stack.app}-data` } };
  return JSON.stringify({ services: { cache }, networks });
}

/** Runs start.sh without a database. */
function tryStart(file: string) {
  const [SERVICE, DATABASE, ADMIN_ROLE, ADMIN_PASSWORD] = ["", "", "", ""];
  return stack.tryStart({
    ...{ SERVICE, DATABASE, ADMIN_ROLE, ADMIN_PASSWORD },
    DATA_COMPOSE: file,
    ENV_FILE: 'PASSWORD="it\'s geheim"\n',
    WAIT_SECONDS: "120",
  });
}

async function start(file: string): Promise<string> {
  const { status, stdout, stderr } = await tryStart(file);
  assert.equal(status, 0, stderr);
  return stdout;
}

function rightsOf(path: string): string {
  const { mode, uid, gid } = statSync(path);
  return `${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
}

test("services run without a database, with their variables, and a second start leaves them", async () => {
  assert.equal(await start(compose({})), '{"services":["cache"]}\n');
  const environment = await output("docker", ["exec", container(), "printenv", "PASSWORD"]);
  assert.equal(environment, "it's geheim");
  const started = () =>
    output("docker", ["inspect", "--format", "{{.State.StartedAt}}", container()]);
  const earlier = await started();
  assert.equal(await start(compose({})), '{"services":["cache"]}\n');
  assert.equal(await started(), earlier);
});

test("a volume begins with what the image has there: content, owner and modes", async () => {
  await start(compose({ content: "/usr/local/lib/berth", home: "/var/lib/postgresql" }));
  const inImage = (command: string) =>
    output("docker", ["run", "--rm", "--entrypoint", "sh", IMAGE, "-c", command]);
  const listing = "find . -printf '%P %m %U:%G\\n' | sort";
  for (const [volume, place] of [
    ["content", "/usr/local/lib/berth"],
    ["home", "/var/lib/postgresql"],
  ] as const) {
    assert.equal(
      await output("sh", ["-c", `cd ${folder(volume)} && ${listing}`]),
      await inImage(`cd ${place} && ${listing}`),
    );
  }
  const left = await output("docker", [
    "ps",
    "--all",
    "--quiet",
    "--filter",
    "name=volume-content",
  ]);
  assert.equal(left, "");
});

test("a place that the image has not belongs to the service's user, else to the image's", async () => {
  await start(compose({ given: "/no/such/place" }, { user: "1234:1235" }));
  assert.equal(rightsOf(folder("given")), "700 1234:1235");
  await start(compose({ own: "/no/such/place" }));
  const user = await output("docker", ["image", "inspect", "--format", "{{.Config.User}}", IMAGE]);
  assert.equal(rightsOf(folder("own")), `700 ${user}`);
});

test("a folder that is there is left as it is, one that was not finished is made anew", async () => {
  mkdirSync(folder("mine"), { recursive: true, mode: 0o711 });
  writeFileSync(join(folder("mine"), "row"), "kept");
  mkdirSync(`${folder("half")}.new/old`, { recursive: true });
  await start(compose({ mine: "/usr/local/lib/berth", half: "/no/such/place" }));
  assert.equal(readFileSync(join(folder("mine"), "row"), "utf8"), "kept");
  assert.equal(rightsOf(folder("mine")), "711 0:0");
  assert.deepEqual(await output("ls", [folder("half")]), "");
  rmSync(folder("mine"), { recursive: true });
});

test("an image that can't be had is told, with the place", async () => {
  const file = compose({ none: "/data" }, { image: "127.0.0.1:9/no/such:image" });
  const { status, stderr } = await tryStart(file);
  assert.equal(status, 45);
  assert.match(
    stderr,
    /image 127\.0\.0\.1:9\/no\/such:image can't be had for the volume at \/data: /,
  );
});
