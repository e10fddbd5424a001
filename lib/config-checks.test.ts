import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkEmail,
  checkHttpsUrl,
  checkPlugins,
  checkPorts,
  checkSecretVersions,
  checkTarget,
} from "./config-checks";
import { findingLine } from "./finding";

const FORM = "allowed is a form such as admin@example.org";
const emails: [email: string, line: string][] = [
  ["", `is empty; ${FORM}`],
  ["admin", `"admin" is no address; ${FORM}`],
  ["a@b@c.org", `"a@b@c.org" is no address; ${FORM}`],
  ["admin@", `"admin@" is no address; ${FORM}`],
  ["@example.org", `"@example.org" is no address; ${FORM}`],
  ["a b@example.org", `"a b@example.org" is no address; ${FORM}`],
  ["a..b@example.org", `"a..b@example.org" is no address; ${FORM}`],
  ["admin@localhost", `"admin@localhost" has a domain that has no dot; ${FORM}`],
  [
    "admin@Example.org",
    '"admin@Example.org" has a domain that has upper case letters; write example.org',
  ],
  [
    "admin@grüße.example",
    '"admin@grüße.example" has a domain that has letters beyond ASCII; write its xn-- form: xn--gre-6ka8l.example',
  ],
  [
    `${"a".repeat(65)}@example.org`,
    `"${"a".repeat(65)}@example.org" is too long; allowed are 64 characters before the @ and 254 in all`,
  ],
];
test("e-mail", () => {
  for (const email of ["admin@example.org", "a.b+c@mail.example.org"])
    assert.deepEqual(checkEmail(email), []);
  for (const [email, line] of emails)
    assert.deepEqual(checkEmail(email).map(findingLine), [`email: ${line}`]);
});

test("ports: out of range, the same twice, and another public one where browsers come by themselves", () => {
  const sound = { publicPort: 443, localHttpPort: 80, localSshPort: 2222 };
  assert.deepEqual(checkPorts("local", sound), []);
  assert.deepEqual(checkPorts("local", { ...sound, publicPort: 8443 }), []);
  assert.deepEqual(checkPorts("droplet", { ...sound, localSshPort: 80 }), []);
  for (const port of [0, -1, 65536]) {
    assert.deepEqual(checkPorts("local", { ...sound, publicPort: port }).map(findingLine), [
      `publicPort: ${port} is no port; allowed are whole numbers from 1 to 65535`,
    ]);
  }
  assert.deepEqual(checkPorts("local", { ...sound, localSshPort: 443 }).map(findingLine), [
    "localSshPort: 443 is that of publicPort too; give each a port of its own",
  ]);
  assert.deepEqual(checkPorts("ec2", { ...sound, publicPort: 8443 }).map(findingLine), [
    "publicPort: 8443 is not for target ec2; allowed is 443",
  ]);
  // What the target is is not known: that alone is said.
  assert.deepEqual(checkPorts("cloud", { ...sound, publicPort: 8443 }), []);
});

test("authority", () => {
  assert.deepEqual(checkHttpsUrl("acmeServer", "https://acme:14000/dir"), []);
  for (const url of ["acme:14000", "http://acme:14000/dir"]) {
    assert.deepEqual(checkHttpsUrl("acmeServer", url).map(findingLine), [
      `acmeServer: "${url}" is no https URL; allowed is a form such as https://acme-v02.api.letsencrypt.org/directory`,
    ]);
  }
});

test("versions of secrets; anything but a number may be the secret itself and is not shown", () => {
  assert.deepEqual(checkSecretVersions({ secretKey: 2 }, ["secretKey"]), []);
  const versions = { secretkey: 2, secretKey: 0 };
  assert.deepEqual(checkSecretVersions(versions, ["secretKey"]).map(findingLine), [
    "secretVersions.secretkey: is no secret of the application; did you mean secretKey?",
    "secretVersions.secretKey: 0 is no version; allowed are whole numbers from 1; a raised one makes a new value",
  ]);
  const [given] = checkSecretVersions({ secretKey: "geheim" }, ["secretKey"]);
  assert.ok(given !== undefined && !findingLine(given).includes("geheim"));
});

test("target", () => {
  assert.deepEqual(checkTarget("local"), []);
  assert.deepEqual(checkTarget("droplett").map(findingLine), [
    'target: "droplett" is not known; did you mean droplet? allowed are local, droplet, ec2, existing',
  ]);
});

test("stand-in plugins are kept away from clouds, but for rehearsals", () => {
  const standIn = { BERTH_PLUGINS: "stand-in" };
  for (const target of ["droplet", "ec2"]) {
    assert.match(
      checkPlugins(target, standIn)[0]?.problem ?? "",
      /^needs Pulumi's official plugins/,
    );
    assert.deepEqual(checkPlugins(target, { ...standIn, BERTH_SIMULATOR: "/state" }), []);
    assert.deepEqual(checkPlugins(target, { BERTH_PLUGINS: "official" }), []);
  }
  for (const target of ["local", "existing"]) assert.deepEqual(checkPlugins(target, standIn), []);
});
