import assert from "node:assert/strict";
import { test } from "node:test";
import { ENCRYPTED } from "./config-values";
import { checkDomains } from "./domain-checks";
import { findingLine } from "./finding";

const RULE = "allowed is a name such as app.example.org, lower case, at most 253 characters";
const LONG = `${"a.".repeat(126)}example`;
const LABEL = "a".repeat(64);

const wrong: [name: string, domain: unknown, line: string][] = [
  ["empty", "", `is empty; ${RULE}`],
  ["nothing", null, `is empty; ${RULE}`],
  ["a number", 5, `5 is no text; ${RULE}`],
  ["a map", {}, `is no text; ${RULE}`],
  [
    "upper case",
    "App.example.org",
    '"App.example.org" has upper case letters; write app.example.org',
  ],
  ["trailing dot", "a.example.org.", '"a.example.org." ends with a dot; write it without'],
  [
    "wildcard",
    "*.example.org",
    `"*.example.org" is a wildcard, which the challenge by HTTP can't prove; ${RULE}`,
  ],
  [
    "wildcard within",
    "a.*.example.org",
    `"a.*.example.org" is a wildcard, which the challenge by HTTP can't prove; ${RULE}`,
  ],
  [
    "beyond ASCII",
    "grüße.example.org",
    '"grüße.example.org" has letters beyond ASCII; write its xn-- form: xn--gre-6ka8l.example.org',
  ],
  [
    "beyond ASCII, upper case and a dot at the end",
    "Bücher.Example.",
    '"Bücher.Example." has letters beyond ASCII; write its xn-- form: xn--bcher-kva.example',
  ],
  [
    "an xn-- form that is none",
    "xn--a.example.org",
    `"xn--a.example.org" is no domain name; ${RULE}`,
  ],
  ["over 253 characters", LONG, `"${LONG.slice(0, 80)}..." has ${LONG.length} characters; ${RULE}`],
  [
    "a part over 63 characters",
    `${LABEL}.example`,
    `"${LABEL}.example" has a part of 64 characters; allowed are 63 a part`,
  ],
  ["no dot", "localhost", `"localhost" has no dot; ${RULE}`],
  ["two dots", "a..example.org", '"a..example.org" has an empty part; write one dot at a time'],
  ["a space", "app example.org", `"app example.org" has a space; ${RULE}`],
  ["a hyphen first", "-app.example.org", `"-app.example.org" is no domain name; ${RULE}`],
  ["an underscore", "my_app.example.org", `"my_app.example.org" is no domain name; ${RULE}`],
  ["a number as its end", "app.example.1", `"app.example.1" is no domain name; ${RULE}`],
  ["an address", "192.0.2.1", `"192.0.2.1" is an address; ${RULE}`],
  ["an IPv6 address", "2001:db8::1", `"2001:db8::1" is an address; ${RULE}`],
  [
    "a port",
    "app.example.org:8443",
    '"app.example.org:8443" has a port; write the name alone; the port is publicPort',
  ],
  [
    "a URL",
    "https://app.example.org/page",
    '"https://app.example.org/page" is a URL; write the name alone: app.example.org',
  ],
  [
    "what a terminal obeys",
    "\u001b[2Japp.example.org",
    `" [2Japp.example.org" has letters that no domain may have; ${RULE}`,
  ],
];
for (const [name, domain, line] of wrong) {
  test(`domains: ${name}`, () => {
    assert.deepEqual(checkDomains({ main: domain }).map(findingLine), [`domains.main: ${line}`]);
  });
}

test("domains: sound names pass, also one below another and the apex itself", () => {
  const domains = { main: "example.org", www: "www.example.org", api: "api.www.example.org" };
  assert.deepEqual(checkDomains(domains, ["main", "www", "api"], "example.org"), []);
  assert.deepEqual(
    checkDomains({ a: "example.org", b: "notexample.org", c: "example.organic" }),
    [],
  );
  assert.deepEqual(checkDomains({ main: ENCRYPTED }), []);
  const longest = `${"a.".repeat(123)}example`;
  assert.equal(longest.length, 253);
  assert.deepEqual(checkDomains({ main: longest, part: `${"a".repeat(63)}.example` }), []);
});

test("domains: one that has another inside but not at its end is refused", () => {
  assert.deepEqual(
    checkDomains({ main: "example.org", api: "api.example.org.example.org" }).map(findingLine),
    [
      'domains.api: "api.example.org.example.org" has domains.main (example.org) inside, but does not end with it; write api.example.org, or another name',
    ],
  );
  assert.deepEqual(
    checkDomains({ main: "example.org.test" }, undefined, "example.org").map(findingLine),
    [
      'domains.main: "example.org.test" has zone (example.org) inside, but does not end with it; write example.org, or another name',
    ],
  );
});

test("domains: equal ones, a missing and an unknown key are all found at once", () => {
  const domains = { main: "a.example", shop: "a.example", apii: "A.example." };
  assert.deepEqual(checkDomains(domains, ["main", "api"]).map(findingLine), [
    'domains.apii: "A.example." ends with a dot; write it without',
    'domains.shop: "a.example" is that of domains.main too; each route needs a name of its own',
    'domains.apii: "A.example." is that of domains.main too; each route needs a name of its own',
    "domains.api: is missing; give the application's route api its domain",
    "domains.shop: is no route of the application; allowed are main, api",
    "domains.apii: is no route of the application; did you mean api? allowed are main, api",
  ]);
});
