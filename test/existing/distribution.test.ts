import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ended, output, projectRoot } from "../support/script";

const folder = mkdtempSync(join(tmpdir(), "berth-distribution-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line of bash with the functions of the file under test. */
async function ask(line: string): Promise<string> {
  return output("bash", ["-euo", "pipefail", "-c", `source host/lib/distribution.sh\n${line}`]);
}

/** Whether a function says yes. */
async function says(line: string): Promise<boolean> {
  return (await ask(`if ${line}; then echo yes; else echo no; fi`)) === "yes";
}

const SYSTEMS = ["debian-12", "debian-13", "ubuntu-22.04", "ubuntu-24.04"];

test("the systems are the same in both places that name them", async () => {
  assert.deepEqual((await ask('echo "${SUPPORTED_SYSTEMS[*]}"')).split(" "), SYSTEMS);
  const list = /^readonly supported=\((.*)\)$/m.exec(
    readFileSync(join(projectRoot, "host/adopt.sh"), "utf8"),
  );
  assert.deepEqual(list?.[1]?.split(" "), SYSTEMS);
});

// Debian's rows are those that the machines of the tests install. Ubuntu's can't be run here.
const COMPOSE = {
  "debian-12": "",
  "debian-13": "docker-compose",
  "ubuntu-22.04": "docker-compose-v2",
  "ubuntu-24.04": "docker-compose-v2",
};

for (const [system, compose] of Object.entries(COMPOSE)) {
  test(`${system}: each need has a package, Docker Compose 2 is ${compose || "brought along"}`, async () => {
    const needs = (await ask(`packages_of ${system}`)).split("\n");
    for (const name of ["nginx", "certbot", "ufw", "docker-registry", "python3", "jq", "openssl"])
      assert.ok(needs.includes(name), name);
    assert.ok(needs.includes("docker.io docker-ce moby-engine"));
    assert.equal(
      needs.some((line) => line.startsWith("docker-cli ")),
      system === "debian-13",
    );
    assert.equal(await ask(`compose_package_of ${system}`), compose);
  });
}

test("a system is known by its os-release file", async () => {
  const file = join(folder, "os-release");
  const id = async (text: string): Promise<string> => {
    writeFileSync(file, text);
    return ask(`system_id ${file}`);
  };
  assert.equal(
    await id('PRETTY_NAME="Ubuntu 22.04.5 LTS"\nVERSION_ID="22.04"\nID=ubuntu\n'),
    "ubuntu-22.04",
  );
  assert.equal(await id('ID=debian\nVERSION_ID="12"\n'), "debian-12");
  assert.equal(await id("ID=debian\n"), "debian");
});

/** Version of nginx in each system's archive: HTTP/2 by a directive, unknown names refused in the handshake. */
const NGINX: readonly (readonly [string, boolean, boolean])[] = [
  ["1.18.0", false, false],
  ["1.22.1", false, true],
  ["1.24.0", false, true],
  ["1.25.0", false, true],
  ["1.25.1", true, true],
  ["1.26.3", true, true],
];

for (const [version, directive, reject] of NGINX) {
  test(`nginx ${version} is told in words that it knows`, async () => {
    const text = await ask(`nginx_unknown_names ${version} /etc/nginx/berth`);
    assert.equal(text.startsWith("http2 on;\n"), directive);
    assert.equal(text.includes("listen 443 ssl http2 default_server;"), !directive);
    assert.equal(text.includes("ssl_reject_handshake on;"), reject);
    assert.equal(text.includes("ssl_certificate /etc/nginx/berth/no-name.pem;"), !reject);
    assert.match(text, /include \/etc\/nginx\/berth\/headers.conf;\n {2}return 444;\n}$/);
  });
}

test("OpenSSL is told of the group that resists quantum computers where it knows it", async () => {
  for (const [version, first] of [
    ["3.0.2", "X25519"],
    ["3.0.17", "X25519"],
    ["3.5.0", "X25519MLKEM768"],
    ["3.5.4", "X25519MLKEM768"],
  ])
    assert.equal((await ask(`tls_groups ${version}`)).split(":")[0], first, version);
});

test("Docker before 23 does not read zstd, and every one reads gzip", async () => {
  for (const version of ["20.10.24+dfsg1", "20.10.12", "19.03.15"]) {
    assert.equal(await says(`docker_reads zstd ${version}`), false, version);
    assert.equal(await says(`docker_reads gzip ${version}`), true, version);
  }
  for (const version of ["23.0.0", "24.0.7", "26.1.5+dfsg1", "28.2.2"])
    assert.equal(await says(`docker_reads zstd ${version}`), true, version);
});

test("Docker before 25 is not told of start_interval, which it refuses", async () => {
  const told = (version: string) =>
    says(
      `[[ $(for_docker ${version} <<<'{"services":{"a":{},"b":{"healthcheck":{"start_interval":"1s"}}}}') == *start_interval* ]]`,
    );
  for (const version of ["20.10.24+dfsg1", "24.0.7"]) assert.equal(await told(version), false);
  for (const version of ["25.0.0", "26.1.5+dfsg1", "28.2.2"])
    assert.equal(await told(version), true, version);
});

/** Runs host/adopt.sh in a container that says it is some system. */
async function adopt(release: string, values: string): ReturnType<typeof ended> {
  const file = join(folder, "release");
  writeFileSync(file, release);
  return ended(
    "docker",
    [
      ...["run", "--rm", "--interactive", "--label", "berth.stack=ext-adopt", "--network", "none"],
      ...["--volume", `${file}:/etc/os-release:ro`, "debian:trixie-slim", "bash", "-s"],
    ],
    { stdin: readFileSync(join(projectRoot, "host/adopt.sh"), "utf8") + values },
  );
}

const KEY = `AUTHORIZED_KEYS=${Buffer.from("ssh-ed25519 AAAA test").toString("base64")}\n`;

for (const [name, text] of [
  ["Ubuntu 20.04.6 LTS", 'ID=ubuntu\nVERSION_ID="20.04"\nPRETTY_NAME="Ubuntu 20.04.6 LTS"\n'],
  ["Fedora Linux 42", 'ID=fedora\nVERSION_ID=42\nPRETTY_NAME="Fedora Linux 42"\n'],
  ["Debian GNU/Linux forky/sid", 'ID=debian\nPRETTY_NAME="Debian GNU/Linux forky/sid"\n'],
] as const) {
  test(`${name} is refused, with the systems that are allowed`, async () => {
    const { code, stdout, stderr } = await adopt(text, KEY);
    assert.equal(code, 22);
    assert.equal(stdout, "");
    assert.ok(
      stderr.includes(
        `this server runs ${name}; berth takes Debian 12, Debian 13, Ubuntu 22.04 and Ubuntu 24.04.`,
      ),
    );
  });
}

test("a system without systemd, and values that are none, are refused", async () => {
  const debian = 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian GNU/Linux 13"\n';
  const booted = await adopt(debian, KEY);
  assert.equal(booted.code, 22);
  assert.match(booted.stderr, /not booted by systemd/);
  for (const values of [
    "",
    "OTHER=eA==\n",
    `AUTHORIZED_KEYS=${Buffer.from("no key").toString("base64")}\n`,
  ])
    assert.equal((await adopt(debian, values)).code, 64);
});
