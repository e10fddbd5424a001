import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { renderCloudInit, USER_DATA_LIMIT_BYTES } from "./cloud-init";

const root = join(__dirname, "..");
const key =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAITESTTESTTESTTESTTESTTESTTESTTESTTESTTESTTEST berth";
const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

interface UserData {
  users: { name: string; ssh_authorized_keys: string[]; sudo: string; lock_passwd: boolean }[];
  write_files: { path: string; content: string; from?: string }[];
  ca_certs?: { trusted: string[] };
  disable_root: boolean;
  ssh_pwauth: boolean;
}

function render(trustedCertificates: string[]): UserData {
  const text = renderCloudInit(root, { authorizedKeys: [key], trustedCertificates });
  assert.ok(text.startsWith("#cloud-config\n"));
  return parse(text) as UserData;
}

test("one login by key, none for root, none by password", () => {
  const data = render([]);
  assert.deepEqual(
    data.users.map(({ name, ssh_authorized_keys }) => ({ name, ssh_authorized_keys })),
    [{ name: "berth", ssh_authorized_keys: [key] }],
  );
  assert.equal(data.disable_root, true);
  assert.equal(data.ssh_pwauth, false);
});

test("files are those that the host scripts keep in place later", () => {
  for (const { path, content, from } of render([]).write_files) {
    assert.equal(from, undefined);
    assert.ok(content.length > 0, path);
  }
  const sshd = render([]).write_files.find(
    ({ path }) => path === "/etc/ssh/sshd_config.d/10-berth.conf",
  );
  assert.equal(sshd?.content, readFileSync(join(root, "host/files/sshd.conf"), "utf8"));
});

test("authorities are trusted only where given", () => {
  assert.equal(render([]).ca_certs, undefined);
  assert.deepEqual(render([certificate]).ca_certs, { trusted: [certificate] });
});

test("user data stays below the limit of every target", () => {
  const text = renderCloudInit(root, { authorizedKeys: [key], trustedCertificates: [certificate] });
  assert.ok(Buffer.byteLength(text) < USER_DATA_LIMIT_BYTES / 2);
  assert.throws(
    () =>
      renderCloudInit(root, { authorizedKeys: [key], trustedCertificates: ["x".repeat(13_000)] }),
    /^Error: user data: 1\d{4} bytes, allowed are 12288; move what is new to a host script$/,
  );
});
