import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { contractWithoutServer } from "./fixture";

const KEYS: Record<string, Record<string, unknown>> = {
  ed25519: { algorithm: "ED25519" },
  p256: { algorithm: "ECDSA", ecdsaCurve: "P256" },
  p384: { algorithm: "ECDSA", ecdsaCurve: "P384" },
  p521: { algorithm: "ECDSA", ecdsaCurve: "P521" },
  rsa: { algorithm: "RSA" },
};
const HEADERS: Record<string, string> = {
  ed25519: "PRIVATE KEY",
  p256: "EC PRIVATE KEY",
  p384: "EC PRIVATE KEY",
  p521: "EC PRIVATE KEY",
  rsa: "RSA PRIVATE KEY",
};

const key = (name: string, args: Record<string, unknown>) => ({ type: "PrivateKey", name, args });
const sshKeygen = (...args: string[]) => execFileSync("ssh-keygen", args, { encoding: "utf8" });

contractWithoutServer("every form of every kind of key is one and the same key", async (stack) => {
  const up = await stack.up(Object.entries(KEYS).map(([name, args]) => key(name, args)));
  assert.equal(up.ok, true, up.printed);
  const state = await stack.state("--show-secrets");
  const encrypted = JSON.stringify(await stack.state());
  for (const name of Object.keys(KEYS)) {
    const recorded = state.find(({ urn }) => urn.endsWith(`::${name}`));
    const secret = (output: string): string =>
      JSON.parse((recorded?.outputs[output] as { plaintext: string }).plaintext) as string;
    const open = recorded?.outputs as Record<string, string>;

    const file = join(stack.folder, name);
    writeFileSync(file, secret("privateKeyOpenssh"), { mode: 0o600 });
    const [type, blob] = String(open["publicKeyOpenssh"]).split(" ");
    assert.equal(open["publicKeyOpenssh"], `${type} ${blob?.trim()}\n`, "no comment, one newline");
    assert.equal(
      sshKeygen("-y", "-f", file).split(" ").slice(0, 2).join(" ").trim(),
      `${type} ${blob?.trim()}`,
    );
    const md5 = sshKeygen("-l", "-E", "md5", "-f", file).split(" ")[1];
    assert.equal(`MD5:${open["publicKeyFingerprintMd5"]}`, md5);
    const sha256 = sshKeygen("-l", "-f", file).split(" ")[1];
    assert.equal(open["publicKeyFingerprintSha256"], sha256);

    assert.match(secret("privateKeyPem"), new RegExp(`^-----BEGIN ${HEADERS[name]}-----\n`));
    assert.match(secret("privateKeyPemPkcs8"), /^-----BEGIN PRIVATE KEY-----\n/);
    for (const form of ["privateKeyPem", "privateKeyPemPkcs8"]) {
      const derived = createPublicKey(createPrivateKey(secret(form)));
      assert.equal(derived.export({ type: "spki", format: "pem" }), open["publicKeyPem"]);
      assert.ok(!encrypted.includes(JSON.stringify(secret(form)).slice(1, -1)));
    }
    const der = createPublicKey(String(open["publicKeyPem"])).export({
      type: "spki",
      format: "der",
    });
    assert.equal(recorded?.id, createHash("sha1").update(der).digest("hex"));
  }
  const rsa = state.find(({ urn }) => urn.endsWith("::rsa"));
  assert.equal(rsa?.outputs["rsaBits"], 2048);
});

contractWithoutServer(
  "another kind, size or curve makes a new key; wrong ones are refused",
  async (stack) => {
    const base = { algorithm: "ECDSA", ecdsaCurve: "P256" };
    const changes: Record<string, Record<string, unknown>> = {
      kind: { algorithm: "ED25519" },
      curve: { ecdsaCurve: "P384" },
      bits: { rsaBits: 3072 },
    };
    await stack.up(Object.keys(changes).map((name) => key(name, base)));
    const preview = await stack.preview(
      Object.entries(changes).map(([name, change]) => key(name, { ...base, ...change })),
    );
    const replaced = preview.steps.filter((step) => step.startsWith("replace "));
    assert.deepEqual(replaced.sort(), ["replace bits", "replace curve", "replace kind"]);

    const refused = await stack.up([key("k", { algorithm: "DSA" })]);
    assert.match(refused.errorsOf("k"), /algorithm/i);
  },
);
