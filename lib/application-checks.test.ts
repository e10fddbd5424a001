import assert from "node:assert/strict";
import { test } from "node:test";
import { shopApplication } from "../test/support/application";
import { checkApplication, serviceMode } from "./application-checks";

test("a sound application has no findings", () => {
  assert.deepEqual(checkApplication(shopApplication()), []);
});

test("a routed service is doubled, others are single, the migration is a job, declared ones as declared", () => {
  const application = shopApplication();
  const modes = ["web", "worker", "migrate", "db"].map((name) => serviceMode(application, name));
  assert.deepEqual(modes, ["doubled", "single", "job", "stateful"]);
});

test("services that Compose lacks are named with those it has", () => {
  const application = shopApplication({
    migrate: { service: "migrat" },
    services: { db: { mode: "stateful" }, cache: { mode: "single" } },
  });
  assert.deepEqual(checkApplication(application), [
    'x-berth.services.cache: there is no Compose service "cache"; there are db, web, worker, migrate',
    'x-berth.migrate.service: there is no Compose service "migrat"; there are db, web, worker, migrate',
  ]);
});

test("secrets that are not declared, and a variable given twice", () => {
  const application = shopApplication({
    secrets: {
      webPassword: { env: "PASSWORD", length: 40 },
      otherPassword: { env: "PASSWORD", length: 40 },
    },
  });
  assert.deepEqual(checkApplication(application), [
    'x-berth.database.admin.secret: there is no secret "adminPassword"; there are webPassword, otherPassword',
    "x-berth.secrets: variable PASSWORD is given to two secrets; each needs its own",
  ]);
});

test("an unrouted service with a volume must say its mode", () => {
  assert.deepEqual(checkApplication(shopApplication({ services: {} })), [
    "x-berth.services.db: has a volume and no route, so its mode must be said: stateful (left alone by releases), single, doubled, job or omit",
  ]);
});

test("a mount of the operator's machine is refused", () => {
  const application = shopApplication();
  const web = {
    ...application.project.services.web,
    volumes: [{ type: "bind", source: "/etc/shop", target: "/etc/shop" }],
  };
  const project = { ...application.project, services: { ...application.project.services, web } };
  assert.deepEqual(checkApplication({ ...application, project }), [
    "services.web: mounts /etc/shop of the operator's machine, which no server has; use a named volume or put the file into the image",
  ]);
});

test("a check of a route that is not there", () => {
  const application = shopApplication({
    checks: { http: [{ route: "shop", path: "/", status: 200 }] },
  });
  assert.deepEqual(checkApplication(application), [
    'x-berth.checks.http: there is no route "shop"; there are main',
  ]);
});
