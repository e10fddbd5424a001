import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { userDataKeys } from "../../policy/rules/user-data-keys";
import { userDataPasswords } from "../../policy/rules/user-data-passwords";
import { LARGEST_USER_DATA_BYTES, userDataSize } from "../../policy/rules/user-data-size";
import { findings, privateKey, stackFindings, UNKNOWN } from "./inspect";

const DROPLET = "digitalocean:index/droplet:Droplet";
const INSTANCE = "aws:ec2/instance:Instance";
const FIRST_CONTACT = "/etc/ssh/berth_first_contact";
const PASSWORD = "kK3vXq8sYt1uWz5bNc7d";

interface File {
  path: string;
  content: string;
  encoding?: string;
}

const cloudConfig = (...files: File[]) => `#cloud-config\n${stringify({ write_files: files })}`;
const keysIn = (userData: string, type = DROPLET) =>
  findings(userDataKeys, { type, props: { userData } });

test("user-data-keys: the throw-away first-contact key is the one exception", async () => {
  const file = { path: FIRST_CONTACT, content: privateKey("ecdsa") };
  assert.deepEqual(await keysIn(cloudConfig(file)), []);
  const other = { path: "/etc/motd", content: "hello" };
  assert.deepEqual(await keysIn(cloudConfig(other, file)), []);
});

test("user-data-keys: the exception is for an ECDSA key, and for one", async () => {
  const lasting = { path: FIRST_CONTACT, content: privateKey("ed25519") };
  assert.match(
    (await keysIn(cloudConfig(lasting))).join(),
    /the file \/etc\/ssh\/berth_first_contact/,
  );
  const two = { path: FIRST_CONTACT, content: privateKey("ecdsa") + privateKey("ed25519") };
  assert.equal((await keysIn(cloudConfig(two))).length, 1);
});

test("user-data-keys: elsewhere a key is refused, in files, plain text and packed", async () => {
  const key = privateKey("ecdsa");
  const file = { path: "/etc/ssh/ssh_host_ecdsa_key", content: key };
  assert.match((await keysIn(cloudConfig(file))).join(), /the file \/etc\/ssh\/ssh_host_ecdsa_key/);
  const encoded = { ...file, encoding: "b64", content: Buffer.from(key).toString("base64") };
  assert.match((await keysIn(cloudConfig(encoded))).join(), /the file/);
  const packed = { ...file, encoding: "gz+b64", content: gzipSync(key).toString("base64") };
  assert.match((await keysIn(cloudConfig(packed))).join(), /the file/);
  assert.match((await keysIn(`#!/bin/sh\ncat <<E\n${key}E\n`)).join(), /its text/);
  const hostKeys = `#cloud-config\n${stringify({ ssh_keys: { ecdsa_private: key } })}`;
  assert.match((await keysIn(hostKeys, INSTANCE)).join(), /its text/);
  const allowed = { path: FIRST_CONTACT, content: privateKey("ecdsa") };
  const both = `${cloudConfig(allowed)}${stringify({ ssh_keys: { ecdsa_private: key } })}`;
  assert.match((await keysIn(both)).join(), /its text/);
  const allowedPacked = { path: FIRST_CONTACT, encoding: "b64", content: "" };
  allowedPacked.content = Buffer.from(privateKey("ecdsa")).toString("base64");
  const hidden = `${cloudConfig(allowedPacked)}${stringify({ ssh_keys: { ecdsa_private: key } })}`;
  assert.match((await keysIn(hidden)).join(), /its text/);
  const userDataBase64 = gzipSync(`#cloud-config\n# ${key}`).toString("base64");
  const found = await findings(userDataKeys, { type: INSTANCE, props: { userDataBase64 } });
  assert.match(found.join(), /its text/);
});

test("user-data-keys: a public key and a server without user data pass", async () => {
  assert.deepEqual(await keysIn("#cloud-config\nssh_authorized_keys: [ssh-ed25519 AAAA]\n"), []);
  assert.deepEqual(await findings(userDataKeys, { type: INSTANCE }), []);
});

const generator = (result: string) => ({
  type: "random:index/randomPassword:RandomPassword",
  name: "password",
  props: { result, bcryptHash: "$2a$10$ofTheSamePassword" },
});
const server = (userData: string, ...madeFrom: string[]) => ({
  type: DROPLET,
  name: "server",
  props: { userData },
  madeFrom: { userData: madeFrom },
});

test("user-data-passwords: a value in it is refused, in any form", async () => {
  const refused = async (userData: string) =>
    (await stackFindings(userDataPasswords, [generator(PASSWORD), server(userData)])).length;
  assert.equal(await refused("#cloud-config\n"), 0);
  assert.equal(await refused(`#cloud-config\n# ${PASSWORD}\n`), 1);
  assert.equal(await refused(`# ${Buffer.from(PASSWORD).toString("base64")}`), 1);
  const content = gzipSync(`DB=${PASSWORD}`).toString("base64");
  assert.equal(await refused(cloudConfig({ path: "/x", content, encoding: "gz+b64" })), 1);
  assert.equal(await refused("# $2a$10$ofTheSamePassword"), 1);
});

test("user-data-passwords: before anything is known, what it is made from tells", async () => {
  const from = (...names: string[]) =>
    stackFindings(userDataPasswords, [generator(UNKNOWN), server(UNKNOWN, ...names)]);
  assert.deepEqual(await from(), []);
  assert.match((await from("password")).join(), /server gets the value of password/);
});

test("user-data-size: 12 KiB are enough", async () => {
  const size = async (props: Record<string, unknown>) =>
    (await findings(userDataSize, { type: INSTANCE, props })).join();
  assert.equal(await size({ userData: "x".repeat(LARGEST_USER_DATA_BYTES) }), "");
  assert.match(
    await size({ userData: "ä".repeat(LARGEST_USER_DATA_BYTES / 2) + "x" }),
    /12289 bytes of user data; allowed are 12288/,
  );
  const userDataBase64 = Buffer.alloc(LARGEST_USER_DATA_BYTES + 1, "x").toString("base64");
  assert.match(await size({ userDataBase64 }), /12289 bytes/);
  assert.equal(await size({}), "");
});
