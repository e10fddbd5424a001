import assert from "node:assert/strict";
import { test } from "node:test";
import { renderSummary } from "./summary";

const outputs = {
  urls: { main: "https://shop.example.org" },
  serverAddress: "127.0.0.1",
  release: "0123456789ab",
  certificateRoot: "",
};

test("the summary says what runs and what to do with it, and no secret", () => {
  assert.equal(
    renderSummary("dev", outputs, "/cache/dev.pem"),
    `  main     https://shop.example.org
  release  0123456789ab
  server   127.0.0.1
  log in   user admin; its password: make password
  shell    make ssh
  logs     make logs SERVICE=api
  remove   make down
`,
  );
});

test("another stack is named in each command", () => {
  assert.match(renderSummary("prod", outputs, ""), /make ssh STACK=prod\n/);
});

test("a test authority's root is where the summary says", () => {
  assert.match(
    renderSummary("dev", { ...outputs, certificateRoot: "PEM" }, "/cache/dev.pem"),
    /test CA {2}trust \/cache\/dev\.pem to see the pages without a warning\n/,
  );
});
