import assert from "node:assert/strict";
import { test } from "node:test";
import { isProductionAuthority } from "./certificate-authority";

for (const server of [
  "https://acme-v02.api.letsencrypt.org/directory",
  "https://acme.zerossl.com/v2/DV90",
  "https://dv.acme-v02.api.pki.goog/directory",
  "https://api.buypass.com/acme/directory",
  "https://ca.latest.example.org/acme/directory",
]) {
  test(`${server} is an authority of production`, () => {
    assert.equal(isProductionAuthority({ server, rootUrl: "" }), true);
    assert.equal(isProductionAuthority({ server, rootUrl: "https://acme:15000/roots/0" }), false);
  });
}

for (const server of [
  "https://acme-staging-v02.api.letsencrypt.org/directory",
  "https://ACME-Staging-v02.api.letsencrypt.org/directory",
  "https://dv.acme-v02.test-api.pki.goog/directory",
  "https://api.test4.buypass.no/acme/directory",
  "https://ca.example.org/acme/staging/directory",
  "https://pebble:14000/dir",
]) {
  test(`${server} is a test authority`, () => {
    assert.equal(isProductionAuthority({ server, rootUrl: "" }), false);
  });
}
