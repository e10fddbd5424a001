import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  checkDomains,
  checkEmail,
  checkHttpsUrl,
  checkPort,
  checkSecretVersions,
  checkPlugins,
  checkTarget,
  checkUnknownKeys,
} from "./config-checks";

const RULE = "allowed is a name such as app.example.org, lower case, at most 253 characters";
const long = `${"a.".repeat(126)}example`;

const domains: [string, Record<string, unknown>, string[]][] = [
  ["a sound name passes", { main: "app.example.org" }, []],
  ["an apex inside another name passes", { main: "example.org", api: "api.example.org" }, []],
  ["empty", { main: "" }, [`domains.main: is empty; ${RULE}`]],
  [
    "upper case",
    { main: "App.example.org" },
    ['domains.main: "App.example.org" has upper case letters; write app.example.org'],
  ],
  [
    "trailing dot",
    { main: "app.example.org." },
    ['domains.main: "app.example.org." ends with a dot; write it without'],
  ],
  [
    "wildcard",
    { main: "*.example.org" },
    [
      `domains.main: "*.example.org" is a wildcard, which the webroot challenge can't prove; ${RULE}`,
    ],
  ],
  [
    "beyond ASCII",
    { main: "grüße.example.org" },
    ['domains.main: "grüße.example.org" has letters beyond ASCII; write its xn-- form'],
  ],
  ["too long", { main: long }, [`domains.main: has ${long.length} characters; ${RULE}`]],
  ["no dot", { main: "localhost" }, [`domains.main: "localhost" is no domain name; ${RULE}`]],
  [
    "a space",
    { main: "app example.org" },
    [`domains.main: "app example.org" is no domain name; ${RULE}`],
  ],
  [
    "a label that begins with a hyphen",
    { main: "-app.example.org" },
    [`domains.main: "-app.example.org" is no domain name; ${RULE}`],
  ],
];
for (const [name, given, findings] of domains) {
  test(`domains: ${name}`, () => assert.deepEqual(checkDomains(given), findings));
}

test("domains: two equal ones, a missing and an unknown key are all found at once", () => {
  assert.deepEqual(checkDomains({ main: "a.example", shop: "a.example" }, ["main", "api"]), [
    'domains.shop: "a.example" is that of domains.main too; each route needs its own',
    "domains.api: is missing; the application has a route of that key",
    "domains.shop: the application has no such route; it has main, api",
  ]);
});

test("e-mail", () => {
  for (const email of ["admin@example.org", "a.b+c@mail.example.org"])
    assert.deepEqual(checkEmail(email), []);
  for (const email of [
    "",
    "admin",
    "a@b@c.org",
    "admin@",
    "@example.org",
    "a b@example.org",
    "admin@Example.org",
  ]) {
    assert.deepEqual(checkEmail(email), [
      `email: "${email}" is no address; allowed is a form such as admin@example.org`,
    ]);
  }
});

test("port", () => {
  for (const port of [1, 443, 65535]) assert.deepEqual(checkPort("publicPort", port), []);
  for (const port of [0, -1, 65536, 1.5, NaN]) {
    assert.deepEqual(checkPort("publicPort", port), [
      `publicPort: ${port} is no port; allowed are whole numbers from 1 to 65535`,
    ]);
  }
});

test("authority", () => {
  assert.deepEqual(checkHttpsUrl("acmeServer", "https://acme:14000/dir"), []);
  for (const url of ["", "acme:14000", "http://acme:14000/dir"]) {
    assert.deepEqual(checkHttpsUrl("acmeServer", url), [
      `acmeServer: "${url}" is no https URL; allowed is a form such as https://acme-v02.api.letsencrypt.org/directory`,
    ]);
  }
});

test("versions of secrets", () => {
  assert.deepEqual(checkSecretVersions({ secretKey: 2 }, ["secretKey"]), []);
  assert.deepEqual(checkSecretVersions({ secretkey: 2, secretKey: 0 }, ["secretKey"]), [
    "secretVersions.secretkey: the application has no such secret; it has secretKey",
    "secretVersions.secretKey: 0 is no version; allowed are whole numbers from 1",
  ]);
});

test("target", () => {
  assert.deepEqual(checkTarget("local"), []);
  assert.deepEqual(checkTarget("Local"), [
    'target: "Local" is not known; allowed are local, droplet, ec2, existing',
  ]);
});

test("a misspelt key is named with the nearest, a foreign namespace is left alone", () => {
  const [finding, ...rest] = checkUnknownKeys(join(__dirname, ".."), {
    "berth:publicport": "443",
    "berth:email": "x",
    "aws:region": "eu-central-1",
  });
  assert.deepEqual(rest, []);
  assert.match(
    String(finding),
    /^publicport: unknown key; did you mean publicPort\?; allowed are target, app, /,
  );
});

test("stand-in plugins are kept away from clouds, but for rehearsals", () => {
  const standIn = { BERTH_PLUGINS: "stand-in" };
  for (const target of ["droplet", "ec2"]) {
    assert.match(checkPlugins(target, standIn)[0] ?? "", /needs Pulumi's official plugins/);
    assert.deepEqual(checkPlugins(target, { ...standIn, BERTH_SIMULATOR: "/state" }), []);
    assert.deepEqual(checkPlugins(target, { BERTH_PLUGINS: "official" }), []);
  }
  for (const target of ["local", "existing"]) assert.deepEqual(checkPlugins(target, standIn), []);
});
