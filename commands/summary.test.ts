import assert from "node:assert/strict";
import { test } from "node:test";
import { renderSummary } from "./summary";

// As the engine's events have it.
const SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};
const outputs = {
  urls: { main: "https://shop.example.org" },
  serverAddress: "127.0.0.1",
  release: "0123456789ab",
  certificateRoot: "",
  deployed: { images: { api: {}, web: {} } },
  login: SECRET,
  secretKey: SECRET,
  adminPassword: SECRET,
};

test("the summary says what runs and what to do with it in this stack, and no secret", () => {
  assert.equal(
    renderSummary("dev", "local", outputs, "/cache/dev.pem"),
    `  main     https://shop.example.org
  release  0123456789ab
  server   127.0.0.1
  log in   user admin; its password: make password STACK=dev
  shell    make ssh STACK=dev
  logs     make logs STACK=dev SERVICE=api
  remove   make down STACK=dev
`,
  );
});

test("an application without an administrator's password is not said to have one", () => {
  const { adminPassword: _, ...others } = outputs;
  assert.match(
    renderSummary("dev", "local", others, ""),
    /release .*\n.*\n {2}secrets {2}make password STACK=dev SECRET=secretKey\n {2}shell/,
  );
  const { secretKey: __, deployed: ___, ...none } = others;
  const summary = renderSummary("dev", "local", none, "");
  assert.doesNotMatch(summary, /password|SERVICE/);
  assert.match(summary, /make logs STACK=dev\n/);
});

test("a test authority's root is where the summary says", () => {
  assert.match(
    renderSummary("dev", "local", { ...outputs, certificateRoot: "PEM" }, "/cache/dev.pem"),
    /test CA {2}trust \/cache\/dev\.pem to see no warning\n/,
  );
});

test("a cloud's stack is removed by the command that takes a last backup", () => {
  const summary = renderSummary("prod", "droplet", outputs, "");
  assert.match(summary, /make destroy STACK=prod CONFIRM=prod\n/);
});
