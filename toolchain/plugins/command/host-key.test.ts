import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprint, parseHostKey } from "./host-key";

const ED25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIMW2r+IqZXgxwO3ACLua94m7/1nk3IhdEFuFWxFLaq34";

test("reads a key line with comment, options and surrounding blanks", () => {
  for (const line of [
    `ssh-ed25519 ${ED25519}`,
    `  ssh-ed25519 ${ED25519} root@server\n`,
    `no-pty ssh-ed25519 ${ED25519}`,
  ]) {
    const { type, blob } = parseHostKey(line);
    assert.equal(type, "ssh-ed25519");
    assert.equal(fingerprint(blob), "SHA256:H7hI7Cl9rvT/HvmAKwIhiy/LfMBthh5Oo1+pPW+uTFA");
  }
});

test("fails when the line is no single key", () => {
  for (const line of [
    "",
    ED25519,
    `ssh-rsa ${ED25519}`,
    "ssh-ed25519",
    "ssh-ed25519 AAAA",
    `ssh-ed25519 ${ED25519}\nssh-ed25519 ${ED25519}`,
  ]) {
    assert.throws(() => parseHostKey(line), /connection.hostKey is not a public key/);
  }
});
