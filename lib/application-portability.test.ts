import assert from "node:assert/strict";
import { test } from "node:test";
import { shopApplication } from "../test/support/application";
import { applicationEnvironment, environmentNames } from "./app-environment";
import { checkPortability } from "./application-portability";
import type { ComposeService } from "./application-types";
import { findingLine } from "./finding";

const { berth } = shopApplication();
const KNOWN =
  "POSTGRES_PASSWORD, DB_PASSWORD, BERTH_RELEASE, BERTH_EMAIL, BERTH_ORIGINS, BERTH_DOMAIN_MAIN, BERTH_URL_MAIN, DB_HOST, DB_PORT, DB_SSLMODE, DB_SSLROOTCERT";

function lines(web: ComposeService, block: object = berth): string[] {
  return checkPortability({ web }, block as Record<string, unknown>).map(findingLine);
}

test("the variables that are known are those that a release is given", () => {
  const { secrets = {} } = berth;
  const given = applicationEnvironment({
    application: shopApplication(),
    domains: { main: "shop.example" },
    urls: { main: "https://shop.example" },
    email: "admin@shop.example",
    release: "0123456789ab",
    database: { host: "db", port: "5432", sslMode: "disable" },
    secrets: Object.fromEntries(Object.keys(secrets).map((name) => [name, "value"])),
  });
  const block = berth as unknown as Record<string, unknown>;
  assert.deepEqual(environmentNames(block).sort(), Object.keys(given).sort());
});

test("variables that a release has, that have a default, or that are the operator's, are no findings", () => {
  assert.deepEqual(
    lines({
      image: "${REGISTRY}/web:${TAG}",
      build: { args: ["INDEX=${INDEX}"] },
      container_name: "${WHO}-web",
      ports: [{ target: 80, published: "${PORT}" }],
      command: ["serve", "--origin", "${BERTH_ORIGINS}", "--cost", "$$5"],
      environment: {
        PASSWORD: "${DB_PASSWORD:?is missing}",
        HOST: "${DB_HOST:-${PGHOST}}",
        WORKERS: "${WORKERS:-4}",
        PROJECT: "$COMPOSE_PROJECT_NAME",
        TAKEN_OVER: null,
      },
    }),
    [],
  );
});

test("a variable that no release has is told once, with the place and the one that was meant", () => {
  assert.deepEqual(
    lines({
      environment: {
        PASSWORD: "${DB_PASWORD}",
        AGAIN: "${DB_PASWORD}",
        KEY: "${API_TOKEN:?is missing}",
        URL: "${BERTH_URL_MIAN:-http://localhost}",
      },
      labels: ["user=$WHO"],
      command: "sh -c 'cd $HOME && exec ./serve'",
    }),
    [
      'services.web.environment.PASSWORD: "DB_PASWORD" is no variable that a release has; did you mean DB_PASSWORD?',
      `services.web.environment.KEY: "API_TOKEN" is no variable that a release has; allowed are ${KNOWN}`,
      'services.web.environment.URL: "BERTH_URL_MIAN" is no variable that a release has; did you mean BERTH_URL_MAIN?',
      `services.web.labels[0]: "WHO" is no variable that a release has; allowed are ${KNOWN}`,
      `services.web.command: "HOME" is no variable that a release has; allowed are ${KNOWN}; one of the command itself is written with $$`,
    ],
  );
});

test("a misspelt variable is told in spite of its default, unless the right one is used too", () => {
  const misspelt = { KEY: "${DB_PASWORD:-dev}" };
  assert.deepEqual(lines({ environment: misspelt }), [
    'services.web.environment.KEY: "DB_PASWORD" is no variable that a release has; did you mean DB_PASSWORD?',
  ]);
  assert.deepEqual(lines({ environment: { ...misspelt, PASSWORD: "${DB_PASSWORD}" } }), []);
});

test("where secrets or routes are of a wrong form, variables are not judged", () => {
  const web = { environment: { KEY: "${API_TOKEN}" } };
  for (const block of [
    {},
    { ...berth, secrets: { apiToken: "API_TOKEN" } },
    { ...berth, routes: [] },
  ]) {
    assert.deepEqual(lines(web, block), []);
  }
});

test("what does not reach a server is told: mounts and files of the operator's machine, secrets, configs", () => {
  assert.deepEqual(
    lines({
      volumes: [
        { type: "bind", source: "/home/me/conf", target: "/conf" },
        { type: "volume", source: "data", target: "/data" },
        { type: "tmpfs", target: "/tmp" },
      ],
      env_file: [{ path: "/home/me/.env", required: false }],
      secrets: [{ source: "key" }],
      configs: [{ source: "site" }],
      label_file: "/home/me/labels",
      volumes_from: ["db"],
    }),
    [
      'services.web.volumes: "/home/me/conf" is of the operator\'s machine, which no server has; use a named volume or put the file into the image',
      "services.web.env_file: is a file of the operator's machine, which no server has; write its variables under environment, those that are secret as ${NAME} of x-berth.secrets",
      "services.web.label_file: is a file of the operator's machine, which no server has; write its labels under labels",
      "services.web.secrets: does not reach a server; hand it over as a variable: ${NAME} under environment, NAME in x-berth.secrets",
      "services.web.configs: does not reach a server; put the file into the image, or its values under environment",
      "services.web.volumes_from: does not reach a server; name the volumes in each service that uses them",
    ],
  );
  assert.deepEqual(lines({ env_file: [], secrets: [], configs: [], volumes: [] }), []);
});

test("a service that is not deployed may have what it likes", () => {
  const services = { web: { mode: "omit" } };
  const web = {
    environment: { KEY: "${API_TOKEN}" },
    env_file: ".env",
    volumes: [{ type: "bind", source: ".", target: "/src" }],
  };
  assert.deepEqual(lines(web, { ...berth, services }), []);
});
