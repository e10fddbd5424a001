import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { digest, shopApplication, shopRelease } from "../test/support/application";
import {
  findResource,
  recordResources,
  type RecordedResource,
} from "../test/support/recording-mocks";
import { CLOUD_OUTPUTS, shopSecrets, shopSettings, someServer } from "../test/support/settings";
import { stepValues } from "../test/support/step-values";
import { makeDatabase, makeDataServices } from ".";
import { Ec2Server } from "./ec2-server";
import type { Settings } from "../config";

const cacheImage = { repository: "shop/cache", digest: digest("c") };
let records: RecordedResource[];

/** The shop with a cache that has a password, waits for the database and is told of it or not. */
function withCache(environment: Record<string, string>, changes: Partial<Settings> = {}): Settings {
  const application = shopApplication({
    services: { db: { mode: "stateful" }, cache: { mode: "stateful" } },
  });
  const cache = {
    image: "shop/cache",
    environment,
    depends_on: { db: { condition: "service_healthy" } },
  };
  const project = {
    ...application.project,
    services: { ...application.project.services, cache },
  };
  const release = shopRelease();
  return shopSettings({
    application: { ...application, project },
    release: { ...release, images: { ...release.images, cache: cacheImage } },
    ...changes,
  });
}

async function sent(name: string): Promise<Record<string, string>> {
  return stepValues((await findResource(records, name)).inputs.stdin);
}

before(async () => {
  records = await recordResources(CLOUD_OUTPUTS);
});

test("beside a database on the server its step runs them all, with the variables that they name", async () => {
  const settings = withCache({
    PASSWORD: "${DB_PASSWORD}",
    WHERE: "${DB_HOST}:${DB_PORT:-1}",
    OTHER: "${OTHER:-none}",
  });
  const all = { settings, server: someServer(), secrets: shopSecrets(), after: [] };
  const database = makeDatabase("beside", all);
  assert.deepEqual(makeDataServices("beside-data", { ...all, database }), []);
  const { DATA_COMPOSE: compose = "", ENV_FILE: variables } = await sent("beside-start");
  const { services } = JSON.parse(compose) as { services: Record<string, object> };
  assert.deepEqual(Object.keys(services), ["db", "cache"]);
  assert.equal(
    variables,
    'DB_HOST="db"\nDB_PORT="5432"\nPOSTGRES_PASSWORD="admin-geheim"\nDB_PASSWORD="web-geheim"\n',
  );
});

test("without a database they have a step of their own", async () => {
  const settings = withCache({ PASSWORD: "${DB_PASSWORD}" });
  const application = {
    ...settings.application,
    berth: { ...settings.application.berth, database: undefined },
  };
  const steps = makeDataServices("alone", {
    settings: { ...settings, application },
    server: someServer(),
    secrets: shopSecrets(),
    after: [],
  });
  assert.equal(steps.length, 1);
  const { DATA_COMPOSE: _, ...values } = await sent("alone-start");
  assert.deepEqual(values, { APP: "shop", ENV_FILE: 'DB_PASSWORD="web-geheim"\n' });
});

test("beside a managed database they run without it, and wait for it only where they are told of it", async () => {
  for (const [name, environment, waits] of [
    ["far", { PASSWORD: "${DB_PASSWORD}" }, false],
    ["near", { WHERE: "${DB_HOST}" }, true],
  ] as const) {
    const settings = withCache(environment, { target: "ec2" });
    const server = new Ec2Server(`${name}-server`, { settings, after: [] });
    const all = { settings, server, secrets: shopSecrets(), after: [] };
    const database = makeDatabase(`${name}-database`, all);
    const [step] = makeDataServices(name, { ...all, database });
    assert.ok(step !== undefined);
    const { DATA_COMPOSE: compose = "", ENV_FILE: variables = "" } = await sent(`${name}-start`);
    const { services } = JSON.parse(compose) as { services: { cache: object } };
    assert.deepEqual(Object.keys(services), ["cache"]);
    assert.ok(!("depends_on" in services.cache));
    assert.equal(variables.startsWith("DB_HOST="), waits);
    const { dependsOn } = await findResource(records, `${name}-start`);
    assert.equal(dependsOn.includes(`${name}-database-instance`), waits);
  }
});

test("where no service is left alone there is nothing to run", () => {
  const { database, ...berth } = shopApplication({ services: {} }).berth;
  assert.ok(database !== undefined);
  const settings = shopSettings({ application: { ...shopApplication(), berth } });
  const all = { settings, server: someServer(), secrets: shopSecrets(), after: [] };
  assert.deepEqual(makeDataServices("none", all), []);
  assert.equal(pulumi.Output.isInstance(makeDatabase("none-database", all)), false);
});
