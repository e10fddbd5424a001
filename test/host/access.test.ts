import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { output, projectRoot } from "../support/script";
import { HostServer, installText } from "./server";

const KEYS = "/home/berth/.ssh/authorized_keys";
const FIRST_CONTACT = "/etc/ssh/berth_first_contact";
const FIRST_CONTACT_CONFIG = "/etc/ssh/sshd_config.d/05-berth-first-contact.conf";
const HARDENING = "/etc/ssh/sshd_config.d/11-berth-hardening.conf";

describe("logins and trust of a server", { timeout: 1_800_000 }, () => {
  const server = new HostServer(`berth-test-access-${process.pid}`);
  const folder = mkdtempSync(join(tmpdir(), "berth-test-access-"));

  before(() => server.create());
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server.remove();
  });

  const newKey = async (name: string) => {
    const file = join(folder, name);
    await output("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
    return readFileSync(`${file}.pub`, "utf8").trim();
  };
  // Without sshd's greeting an empty answer says nothing: it may be slow, or turn away one who asks too often.
  const shownKey = async (type: string) => {
    const { code, stdout } = await server.bash(
      `timeout 300 bash -c 'until ssh-keyscan -T 60 -t ${type} 127.0.0.1 >/run/shown 2>&1; grep -q "^# .* SSH-2.0-" /run/shown; do sleep 2; done' &&
       awk '$2 ~ /^(ssh|ecdsa)-/ { print $2, $3 }' /run/shown`,
    );
    assert.equal(code, 0, "sshd does not answer");
    return stdout.trim();
  };

  test("ready.sh prints the host key that sshd shows, and nothing else", async () => {
    const script = readFileSync(join(projectRoot, "host/ready.sh"), "utf8");
    const { code, stdout, stderr } = await server.bash("bash -s", script);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ssh-ed25519 [A-Za-z0-9+/]+=*\n$/);
    assert.equal(stdout.trim(), await shownKey("ed25519"));
  });

  test("ready.sh says what to do when there is no such key", async () => {
    const script = readFileSync(join(projectRoot, "host/ready.sh"), "utf8");
    await server.run("mv", "/etc/ssh/ssh_host_ed25519_key", "/root/aside");
    const { code, stdout, stderr } = await server.bash("bash -s", script);
    await server.run("mv", "/root/aside", "/etc/ssh/ssh_host_ed25519_key");
    assert.deepEqual({ code, stdout }, { code: 22, stdout: "" });
    assert.match(stderr, /has no ed25519 host key[^]*ssh-keygen -A/);
  });

  test("a damaged transfer changes nothing", async () => {
    const whole = await installText({}, server.key);
    const damaged: [string, RegExp][] = [
      [whole.slice(0, -2000), /ARCHIVE is missing/],
      [`${whole.slice(0, -2001)}\n`, /the archive can't be unpacked|ARCHIVE is not base64/],
      [whole.replace(/^ARCHIVE=.*\n/m, ""), /ARCHIVE is missing/],
      [whole.replace(/^DATA_DEVICE=.*\n/m, ""), /DATA_DEVICE is missing/],
      [whole.replace(/^DATA_DEVICE=.*$/m, "DEVICE="), /line "DEVICE" is not known/],
      [whole.replace(/^TRUSTED_CERTIFICATES=.*$/m, "TRUSTED_CERTIFICATES=%%"), /is not base64/],
    ];
    for (const [text, refusal] of damaged) {
      const { code, stderr } = await server.bash("bash -s", text);
      assert.equal(code, 21, stderr);
      assert.match(stderr, refusal);
    }
    assert.equal((await server.bash("ls /opt/berth /etc/berth")).stdout.includes("host"), false);
  });

  test("exactly the declared keys let in, and a second run changes nothing", async () => {
    const operator = await newKey("operator");
    await server.run("bash", "-c", `echo old-key >${KEYS}2`);
    const { code, stderr } = await server.install({ keys: [server.key, operator] });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /2 keys may log in as berth/);
    assert.equal(await server.run("cat", KEYS), `${server.key}\n${operator}`);
    assert.equal(await server.run("stat", "-c", "%a %U %G", KEYS), "600 berth berth");
    await server.run("test", "!", "-e", `${KEYS}2`);
    assert.equal(await server.machine.login("id", "-un"), "berth");

    const inode = await server.run("stat", "-c", "%i %Y", KEYS);
    const again = await server.install({ keys: [server.key, operator] });
    assert.deepEqual({ code: again.code, stderr: again.stderr }, { code: 0, stderr: "" });
    assert.equal(await server.run("stat", "-c", "%i %Y", KEYS), inode);

    assert.equal((await server.install()).code, 0);
    assert.equal(await server.run("cat", KEYS), server.key, "a key that is gone lets in no more");
  });

  test("keys that can't be used are refused, and those in force stay", async () => {
    for (const [keys, refusal] of [
      [[], /no key may log in as berth; the keys in force stay/],
      [[""], /no key may log in as berth/],
      [[server.key, "ssh-ed25519 AAAAnonsense someone"], /key 2 of those that may log in is no/],
    ] as const) {
      const { code, stderr } = await server.install({ keys });
      assert.equal(code, 24, stderr);
      assert.match(stderr, refusal);
      assert.equal(await server.run("cat", KEYS), server.key);
    }
    // By hand: a wrong mode or owner is put right.
    await server.run("bash", "-c", `chown root ${KEYS}; chmod 0644 ${KEYS}`);
    assert.equal((await server.install()).code, 0);
    assert.equal(await server.run("stat", "-c", "%a %U", KEYS), "600 berth");
  });

  const plantFirstContact = async () => {
    await server.run(
      "bash",
      "-c",
      `rm -f ${FIRST_CONTACT}* && ssh-keygen -q -t ecdsa -b 256 -N '' -f ${FIRST_CONTACT} && rm ${FIRST_CONTACT}.pub &&
       printf 'HostKey /etc/ssh/ssh_host_ed25519_key\\nHostKey ${FIRST_CONTACT}\\n' >${FIRST_CONTACT_CONFIG}`,
    );
  };
  // As a first boot leaves it: sshd's own lists of algorithms have ECDSA, those that berth places have not.
  const serveFirstContact = async () => {
    await plantFirstContact();
    const { code, stderr } = await server.bash(
      `rm -f ${HARDENING} && systemctl reload ssh &&
       timeout 300 bash -c 'until ssh-keyscan -T 60 -t ecdsa 127.0.0.1 2>/dev/null | grep -q ecdsa; do sleep 1; done'`,
    );
    assert.equal(code, 0, `sshd does not show the ECDSA key: ${stderr}`);
  };

  test("the host key of the first contact is removed, and the server's own is shown still", async () => {
    await serveFirstContact();
    const own = await shownKey("ed25519");
    const { code, stderr } = await server.install();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /the host key of the first contact is gone/);
    assert.equal(await shownKey("ecdsa"), "");
    assert.equal(await shownKey("ed25519"), own);
    assert.equal((await server.bash(`ls ${FIRST_CONTACT}* ${FIRST_CONTACT_CONFIG}*`)).stdout, "");
    assert.deepEqual((await server.install()).stderr, "");
  });

  test("it is kept while sshd does not show the server's own key", async () => {
    await plantFirstContact();
    await server.run(
      "bash",
      "-c",
      `echo 'HostKey ${FIRST_CONTACT}' >${FIRST_CONTACT_CONFIG} && systemctl restart ssh`,
    );
    const { code, stderr } = await server.install({}, { BERTH_SSHD_SECONDS: "10" });
    assert.equal(code, 25, stderr);
    assert.match(stderr, /sshd does not show the key in/);
    await server.run("test", "-s", FIRST_CONTACT, "-a", "-s", FIRST_CONTACT_CONFIG);
    await serveFirstContact();
    assert.equal((await server.install()).code, 0);
  });

  test("the declared authorities are trusted, and no longer when they are gone", async () => {
    const first = await certificate("first");
    const second = await certificate("second");
    const isTrusted = (pem: string) =>
      server
        .bash("openssl verify -CAfile /etc/ssl/certs/ca-certificates.crt /dev/stdin", pem)
        .then(({ code }) => code === 0);
    assert.deepEqual([await isTrusted(first), await isTrusted(second)], [false, false]);

    const { code, stderr } = await server.install({ trusted: `# ours\n${first}${second}` });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /trusting 2 authorities of our own/);
    assert.deepEqual([await isTrusted(first), await isTrusted(second)], [true, true]);
    const count = await server.run("grep", "-c", "BEGIN", "/etc/ssl/certs/ca-certificates.crt");
    assert.ok(Number(count) > 50, "the public ones are trusted as before");
    assert.equal((await server.install({ trusted: `${second}${first}` })).stderr, "");

    assert.equal((await server.install({ trusted: second })).code, 0);
    assert.deepEqual([await isTrusted(first), await isTrusted(second)], [false, true]);
    const refused = await server.install({ trusted: second.replace("MII", "!!!") });
    assert.equal(refused.code, 26);
    assert.match(refused.stderr, /trustedCertificates: something between BEGIN CERTIFICATE/);
    assert.deepEqual([await isTrusted(first), await isTrusted(second)], [false, true]);
    assert.equal((await server.install()).code, 0);
    assert.deepEqual([await isTrusted(first), await isTrusted(second)], [false, false]);
  });
});

/** A certificate of an authority that signed itself. */
async function certificate(name: string): Promise<string> {
  const pem = await output("openssl", [
    ...["req", "-x509", "-days", "2", "-subj", `/CN=${name}`, "-nodes", "-keyout", "/dev/null"],
    ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    ...["-addext", "basicConstraints=critical,CA:TRUE"],
  ]);
  return `${pem}\n`;
}
