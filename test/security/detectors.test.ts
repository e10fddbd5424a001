import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import { createSocket } from "node:dgram";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { filesWith, layerHas } from "./support/files";
import { hostileValues, markOf } from "./support/hostile-values";
import { foundIn, keyNeedles, needlesOf } from "./support/needles";
import { named, Watch } from "./support/neighbour";
import { leaksOf, ProcessSampler, type Sighting } from "./support/process-sampler";

const WORD = `it's $5 & "more" ${randomBytes(12).toString("hex")} \\ ende`;
const PASSWORD = randomBytes(30).toString("base64url").slice(0, 40);
const needles = needlesOf([
  { name: "word", value: WORD },
  { name: "password", value: PASSWORD },
]);
const folder = mkdtempSync(join(tmpdir(), "berth-detectors-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const PLANTED: Readonly<Record<string, (value: string) => string>> = {
  "as it is": (value) => value,
  "URL-encoded": (value) => `https://x/?q=${encodeURIComponent(value)}&b`,
  "JSON-escaped": (value) => JSON.stringify({ a: value }),
  "in base64 with something before": (value) => Buffer.from(`user:${value}\n`).toString("base64"),
  "in base64 with something else before": (value) =>
    Buffer.from(`A="1"\nUSER=${value}`).toString("base64"),
  "in base64url": (value) => Buffer.from(value).toString("base64url"),
  "in hexadecimal": (value) => Buffer.from(value).toString("hex"),
  "shell-quoted": (value) => `'${value.replaceAll("'", `'\\''`)}'`,
  "cut at its end": (value) => value.slice(0, 30),
};

for (const [how, plant] of Object.entries(PLANTED)) {
  test(`a secret ${how} is found`, () => {
    assert.deepEqual(foundIn(`before ${plant(PASSWORD)} after`, needles), ["password"]);
    if (how !== "cut at its end") {
      assert.ok(foundIn(`before ${plant(WORD)} after`, needles).includes("word"));
    }
  });
}

test("other values of the same kind are not found", () => {
  const others = [randomBytes(30).toString("base64url"), "it's $5 & more", "[secret]"];
  for (const how of Object.values(PLANTED)) {
    for (const other of others) assert.deepEqual(foundIn(how(other), needles), [], other);
  }
});

test("each line of a private key is found, and its seed; the public key is not", () => {
  const file = join(folder, "id");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "x", "-f", file]);
  const text = readFileSync(file, "utf8");
  const keys = keyNeedles("key", text);
  for (const line of text.trim().split("\n").slice(2, -2)) {
    assert.deepEqual(foundIn(`cat ${line}`, keys), ["key"]);
  }
  assert.deepEqual(foundIn(readFileSync(`${file}.pub`, "utf8"), keys), []);
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const seed = privateKey.export({ type: "pkcs8", format: "der" }).subarray(-32);
  assert.deepEqual(foundIn(`x${seed.toString("base64")}`, keyNeedles("pem", pem)), ["pem"]);
});

test("a hostile value is found in each form, by its mark", () => {
  const values = hostileValues(200, 1);
  const marks = needlesOf(
    values.map((_, index) => ({ name: String(index), value: markOf(index) })),
  );
  for (const [index, value] of values.entries()) {
    for (const how of ["as it is", "JSON-escaped", "in base64url", "in hexadecimal"]) {
      const found = foundIn(PLANTED[how]!(value), marks);
      assert.ok(found.includes(String(index)), `${how}: ${JSON.stringify(value)}`);
    }
  }
});

test("a secret in a file, and in a packed layer, is found; its neighbours are not", async () => {
  writeFileSync(join(folder, "open"), `x=${PASSWORD}`, { mode: 0o644 });
  writeFileSync(join(folder, "other"), "x=nothing");
  assert.deepEqual(await filesWith(needles, [folder]), [join(folder, "open")]);
  for (const [name, ...pack] of [
    ["zst", "zstd", "-q"],
    ["gz", "gzip", "-k"],
  ]) {
    for (const [file, has] of [
      ["open", true],
      ["other", false],
    ] as const) {
      const tar = join(folder, `${file}.tar`);
      execFileSync("tar", ["-C", folder, "-cf", tar, file]);
      execFileSync(pack[0]!, [...pack.slice(1), tar]);
      assert.equal(await layerHas(needles, `${tar}.${name}`), has, `${file}.tar.${name}`);
      rmSync(`${tar}.${name}`);
    }
  }
});

test("a process with a secret in its arguments or environment is seen", async () => {
  const sampler = await ProcessSampler.start();
  for (const [command, args, env] of [
    ["bash", ["-c", "sleep infinity; true", PASSWORD], {}],
    ["sleep", ["infinity"], { LEAKED: PASSWORD }],
  ] as const) {
    const child = spawn(command, args, { env: { ...process.env, ...env }, detached: true });
    await once(child, "spawn");
    await sampler.looked();
    process.kill(-child.pid!, "SIGKILL");
    await once(child, "close");
  }
  const { sightings, rounds } = await sampler.stop();
  assert.ok(rounds > 0);
  assert.deepEqual(leaksOf(sightings, needles, () => []).sort(), [
    `password in the arguments of "bash" on the operator's machine`,
    `password in the environment of "sleep" on the operator's machine`,
  ]);
});

test("a service has its own secrets in its environment, and nowhere else", () => {
  const seen = (kind: Sighting["kind"], ...containers: string[]): Sighting => ({
    kind,
    containers,
    program: "uvicorn",
    text: `PASSWORD=${PASSWORD}`,
  });
  const own = (container: string): string[] => (container === "api" ? ["password"] : []);
  assert.equal(leaksOf([seen("environment", "server", "api")], needles, own).length, 0);
  assert.equal(leaksOf([seen("arguments", "server", "api")], needles, own).length, 1);
  assert.equal(leaksOf([seen("environment", "server", "panel")], needles, own).length, 1);
  assert.equal(leaksOf([seen("environment", "server")], needles, own).length, 1);
  assert.equal(leaksOf([seen("environment")], needles, own).length, 1);
  const program = { ...seen("environment"), program: "/usr/bin/node main.js" };
  const configuration = { ...program, text: `PULUMI_CONFIG={"a":"${PASSWORD}"}` };
  assert.equal(leaksOf([configuration], needles, own).length, 0);
  assert.equal(leaksOf([{ ...configuration, program: "docker-compose" }], needles, own).length, 1);
});

test("an open port is found, over TCP and UDP, and a closed one is not", async () => {
  const tcp = createTcpServer().listen(0, "127.0.0.1");
  const closed = createTcpServer().listen(0, "127.0.0.1");
  const udp = createSocket("udp4").bind(0, "127.0.0.1");
  await Promise.all([once(tcp, "listening"), once(udp, "listening"), once(closed, "listening")]);
  udp.on("message", (_, from) => udp.send("here", from.port, from.address));
  const port = (server: typeof tcp): number => (server.address() as { port: number }).port;
  const shut = port(closed);
  closed.close();
  await once(closed, "close");
  try {
    const scan = { addresses: ["127.0.0.1"], seconds: 30, repeat: false };
    const tcpPorts = [port(tcp), shut];
    const watch = new Watch({ ...scan, tcp: tcpPorts, udp: [udp.address().port, shut] });
    assert.deepEqual(
      named(await watch.ended()),
      [`127.0.0.1 ${port(tcp)}/tcp`, `127.0.0.1 ${udp.address().port}/udp`].sort(),
    );
  } finally {
    tcp.close();
    udp.close();
  }
});
