import assert from "node:assert/strict";
import { test } from "node:test";
import { QUESTIONS } from "./state";
import type { StateResource } from "./state-file";

const secret = (value: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});
const connection = {
  host: "127.0.0.1",
  port: 2222,
  user: "berth",
  privateKey: "key",
  hostKey: "ssh-ed25519 AAAA",
};

function install(privateKey: unknown, more: Partial<StateResource> = {}): StateResource {
  const type = "command:remote:Command";
  const urn = `urn:pulumi:dev::berth::berth:index:HostScripts$${type}::host-install`;
  return { urn, type, inputs: { connection: { ...connection, privateKey } }, ...more };
}

function login(...resources: StateResource[]): unknown {
  const [line] = QUESTIONS.login?.({ resources, pending: [] }) ?? [];
  return line === undefined ? undefined : JSON.parse(line);
}

test("the login is that of the host scripts, with its secrets in clear", () => {
  assert.deepEqual(login(install(secret("key"))), connection);
  const whole = { ...secret(""), plaintext: JSON.stringify(connection) };
  assert.deepEqual(login({ ...install(""), inputs: { connection: whole } }), connection);
});

test("a state without host scripts, or with those of a server that goes, has no login", () => {
  assert.equal(login(), undefined);
  assert.equal(login(install(secret("key"), { delete: true })), undefined);
});
