import assert from "node:assert/strict";
import { test } from "node:test";
import { shopApplication } from "../test/support/application";
import { checkApplication, serviceMode } from "./application-checks";
import type { XBerth } from "./application-types";
import { findingLine } from "./finding";

const KNOWN = "allowed are db, web, worker, migrate";
const shop = shopApplication().berth;
const [main] = Object.values(shop.routes);
const postgres = shop.database as object;

function lines(berth: Readonly<Record<string, unknown>>): string[] {
  const application = { ...shopApplication(), berth: { ...shop, ...berth } };
  return checkApplication(application).map(findingLine);
}

test("a sound application has no findings", () => {
  assert.deepEqual(checkApplication(shopApplication()), []);
});

test("a routed service is doubled, others are single, the migration is a job, declared ones as declared", () => {
  const application = shopApplication();
  const modes = ["web", "worker", "migrate", "db"].map((name) => serviceMode(application, name));
  assert.deepEqual(modes, ["doubled", "single", "job", "stateful"]);
});

const wrong: [name: string, berth: Readonly<Record<string, unknown>>, lines: string[]][] = [
  [
    "services that Compose lacks",
    {
      routes: { main: { ...main, service: "wep" } },
      services: { db: { mode: "stateful" }, cache: { mode: "single" } },
      migrate: { service: "migrat" },
      checks: { run: [{ service: "api", command: ["true"] }] },
    },
    [
      `x-berth.routes.main.service: "wep" is no service of the Compose file; did you mean web? ${KNOWN}`,
      `x-berth.services.cache: "cache" is no service of the Compose file; ${KNOWN}`,
      `x-berth.checks.run[0].service: "api" is no service of the Compose file; ${KNOWN}`,
      `x-berth.migrate.service: "migrat" is no service of the Compose file; did you mean migrate? ${KNOWN}`,
    ],
  ],
  [
    "secrets in variables that Compose takes from the server, or for itself",
    {
      secrets: {
        ...shop.secrets,
        path: { env: "PATH" },
        profile: { env: "COMPOSE_PROFILES" },
        language: { env: "LC_ALL" },
        key: { env: "DOCKER_TOKEN" },
      },
    },
    [
      'x-berth.secrets.path.env: "PATH" is a variable of the server\'s shell or of Compose; choose another',
      'x-berth.secrets.profile.env: "COMPOSE_PROFILES" is a variable of the server\'s shell or of Compose; choose another',
      'x-berth.secrets.language.env: "LC_ALL" is a variable of the server\'s shell or of Compose; choose another',
    ],
  ],
  [
    "a database of a service that Compose lacks",
    { database: { ...postgres, service: "database" }, services: { db: { mode: "stateful" } } },
    [`x-berth.database.service: "database" is no service of the Compose file; ${KNOWN}`],
  ],
  [
    "secrets that are not declared, a variable given twice, one that berth sets",
    {
      secrets: {
        webPassword: { env: "PASSWORD" },
        otherPassword: { env: "PASSWORD" },
        host: { env: "DB_HOST" },
        url: { env: "BERTH_URL_MAIN" },
      },
    },
    [
      "x-berth.secrets.otherPassword.env: is that of secret webPassword too; each secret needs a variable of its own",
      'x-berth.secrets.host.env: "DB_HOST" is a variable that berth sets; choose another',
      'x-berth.secrets.url.env: "BERTH_URL_MAIN" is a variable that berth sets; choose another',
      'x-berth.database.admin.secret: "adminPassword" is no secret of x-berth.secrets; allowed are webPassword, otherPassword, host, url',
      'services.web.environment.DB_PASSWORD: "DB_PASSWORD" is no variable that a release has; did you mean PASSWORD?',
    ],
  ],
  [
    "a role twice, a secret of two roles, a name of the server",
    {
      database: {
        ...postgres,
        roles: {
          shop: { rights: "owner", secret: "webPassword" },
          pg_web: { rights: "read", secret: "adminPassword" },
        },
      },
    },
    [
      'x-berth.database.roles.pg_web.secret: "adminPassword" is that of role shop too, so that each could log in as the other; give each role a secret of its own',
      'x-berth.database.roles.pg_web: "pg_web" is a name of the server itself; choose another',
      'x-berth.database.roles.shop: "shop" is database.admin.role too; give each role a name of its own',
    ],
  ],
  [
    "no owner, and read-only tables of a role that writes none",
    {
      database: {
        ...postgres,
        roles: { web_user: { rights: "read", secret: "webPassword", readOnlyTables: ["a"] } },
      },
    },
    [
      "x-berth.database.roles: has no role with rights: owner; allowed is exactly one, which makes and alters the tables",
      "x-berth.database.roles.web_user.readOnlyTables: is given for rights: read; allowed with rights: write alone",
    ],
  ],
  [
    "two owners",
    {
      secrets: { ...shop.secrets, third: { env: "THIRD" } },
      database: {
        ...postgres,
        roles: {
          one: { rights: "owner", secret: "webPassword" },
          two: { rights: "owner", secret: "third" },
        },
      },
    },
    [
      "x-berth.database.roles: has 2 roles with rights: owner (one, two); allowed is exactly one, which makes and alters the tables",
    ],
  ],
  [
    "parts of a database that is not there",
    {
      database: { kind: "none", name: "shop" },
      checks: { sql: [{ name: "a", query: "b", equals: "c" }] },
    },
    [
      "x-berth.database.name: is given, and there is no database; write kind: postgres, or take it out",
      "x-berth.checks.sql: asks a database, and there is none; write kind: postgres, or take it out",
    ],
  ],
  [
    "an unrouted service with a volume and no mode",
    { services: {} },
    [
      "x-berth.services.db.mode: is missing: the service has a volume and no route, so it can't be told; allowed are stateful (left alone by releases), single, doubled, job, omit",
    ],
  ],
  [
    "a database that releases would start anew, and a route to what does not run",
    { services: { db: { mode: "single" }, web: { mode: "job" } } },
    [
      'x-berth.services.web.mode: "job" leaves nothing running that route main could lead to; allowed are doubled, single, stateful',
      'x-berth.services.db.mode: "single" would have releases start the database anew; allowed is stateful',
    ],
  ],
  [
    "two ports of one service",
    { routes: { main, metrics: { ...main, port: 9000 } } },
    [
      "x-berth.routes.metrics.port: 9000 is another than that of route main to the same service; write 8000, or make it a service of its own",
    ],
  ],
  [
    "a check of a route that is not there",
    { checks: { http: [{ route: "mian", path: "/", status: 200 }] } },
    ['x-berth.checks.http[0].route: "mian" is no route; did you mean main?'],
  ],
];
for (const [name, berth, expected] of wrong) {
  test(`found: ${name}`, () => assert.deepEqual(lines(berth), expected));
}

test("a mount of the operator's machine is refused", () => {
  const application = shopApplication();
  const web = {
    ...application.project.services.web,
    volumes: [{ type: "bind", source: "/etc/shop", target: "/etc/shop" }],
  };
  const project = { ...application.project, services: { ...application.project.services, web } };
  assert.deepEqual(checkApplication({ ...application, project }).map(findingLine), [
    'services.web.volumes: "/etc/shop" is of the operator\'s machine, which no server has; use a named volume or put the file into the image',
  ]);
});

test("a dependency on no service is told", () => {
  const { project, berth } = shopApplication();
  const web = { ...project.services.web, depends_on: { wroker: {} } };
  const found = checkApplication({
    project: { ...project, services: { ...project.services, web } },
    berth,
  });
  assert.deepEqual(found.map(findingLine), [
    `services.web.depends_on: "wroker" is no service of the Compose file; did you mean worker? ${KNOWN}`,
  ]);
});

test("replicas and profiles of what has a route, or is the database, are told", () => {
  const application = shopApplication();
  const { db = {}, web = {}, worker = {}, migrate = {} } = application.project.services;
  const found = (changes: object) =>
    checkApplication({
      ...application,
      project: { ...application.project, services: { db, web, worker, migrate, ...changes } },
    }).map(findingLine);
  assert.deepEqual(
    found({ web: { ...web, deploy: { replicas: 2 } }, worker: { ...worker, scale: 3 } }),
    [
      "services.web.deploy.replicas: 2 can't be had of a service with a route, which has one port on the server; take it out, and let the one container have more workers",
    ],
  );
  assert.deepEqual(
    found({
      web: { ...web, scale: 2, profiles: ["all"] },
      db: { ...db, profiles: ["all"] },
      worker: { ...worker, profiles: ["work"] },
    }).map((line) => line.split(":")[0]),
    ["services.db.profiles", "services.web.scale", "services.web.profiles"],
  );
  assert.deepEqual(found({ web: { ...web, deploy: { replicas: 1 }, profiles: [] } }), []);
});

test("a health check that is switched off is told for what stays running", () => {
  const application = shopApplication();
  const off = { disable: true };
  const { web = {}, worker = {}, migrate = {} } = application.project.services;
  const services = {
    ...application.project.services,
    web: { ...web, healthcheck: { test: ["NONE"] } },
    worker: { ...worker, healthcheck: off },
    migrate: { ...migrate, healthcheck: off },
  };
  const project = { ...application.project, services };
  const rest =
    "is switched off, and a release waits for the health of what it starts; give it a test, or leave the key out where the image has no check either";
  assert.deepEqual(checkApplication({ ...application, project }).map(findingLine), [
    `services.web.healthcheck: ${rest}`,
    `services.worker.healthcheck: ${rest}`,
  ]);
  for (const mode of ["job", "omit"] as const) {
    const berth = { ...shop, services: { ...shop.services, worker: { mode } } };
    const found = checkApplication({ project, berth }).map(({ key }) => key);
    assert.deepEqual(found, ["services.web.healthcheck"]);
  }
});

test("a name that the server can't use is refused", () => {
  const application = shopApplication();
  const project = { ...application.project, name: "my_shop" };
  assert.deepEqual(checkApplication({ ...application, project }).map(findingLine), [
    'name: "my_shop" is no name of an application; allowed are lower case letters, digits and -, beginning with a letter, at most 41',
  ]);
});

test("parts of a wrong form are passed over: the schema tells of them", () => {
  const { project } = shopApplication({ services: {} });
  const services = { web: { ...project.services.web, depends_on: {} } };
  for (const value of [null, 5, "text", [], [null], { a: null }, { a: 5 }, { a: [] }]) {
    const keys: (keyof XBerth)[] = [
      "routes",
      "secrets",
      "database",
      "migrate",
      "services",
      "checks",
    ];
    const berth = Object.fromEntries(keys.map((key) => [key, value]));
    assert.doesNotThrow(() => checkApplication({ project: { services }, berth }));
  }
  assert.deepEqual(checkApplication({ project: { services }, berth: null }), []);
});
