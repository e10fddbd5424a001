import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse, parseDocument } from "yaml";
import { checkSchema } from "./application-schema";
import { findingLine, mapOf } from "./finding";
import { pathOf } from "./stack-file";
import schema from "./x-berth.schema.json";

const SOUND = `
routes: { main: { service: web, port: 80, health: /, path: /, websocket: true, bodyLimit: 2m, timeoutSeconds: 9 } }
secrets: { adminPassword: { env: ADMIN_PASSWORD, length: 40 }, webPassword: { env: WEB_PASSWORD } }
database:
  kind: postgres
  service: db
  name: shop
  admin: { role: shop, secret: adminPassword }
  roles: { web: { rights: write, secret: webPassword, readOnlyTables: [a], createdb: true } }
migrate: { service: migrate, revisions: [show] }
services: { db: { mode: stateful } }
checks:
  http: [{ route: main, path: /, status: 200 }]
  sql: [{ name: a, query: b, equals: c }]
  run: [{ service: web, command: ["true"] }]
`;

interface Case {
  readonly given: unknown;
  readonly lines: readonly string[];
}
const cases = parse(
  readFileSync(join(__dirname, "application-schema.cases.yaml"), "utf8"),
) as Record<string, Case[]>;

function lines(path: readonly string[], given: unknown): string[] {
  const document = parseDocument(SOUND);
  if (path.length === 0) return checkSchema(given).map(findingLine);
  document.setIn(
    path.map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part)),
    document.createNode(given),
  );
  return checkSchema(document.toJS()).map(findingLine);
}

test("a sound block passes and gets its defaults", () => {
  const block = parse(
    "routes: { main: { service: web, port: 80 } }\nsecrets: { a: { env: A } }",
  ) as {
    routes: object;
    secrets: object;
  };
  assert.deepEqual(checkSchema(block), []);
  assert.deepEqual(block, {
    routes: {
      main: {
        service: "web",
        port: 80,
        health: "/",
        path: "/",
        websocket: false,
        bodyLimit: "1m",
        timeoutSeconds: 60,
      },
    },
    secrets: { a: { env: "A", length: 40 } },
  });
  assert.deepEqual(checkSchema(parse(SOUND)), []);
});

for (const [key, ofKey] of Object.entries(cases)) {
  test(`${key}: every bad value has its lines`, () => {
    for (const { given, lines: expected } of ofKey) {
      assert.deepEqual(lines(pathOf(key).slice(1), given), expected);
    }
  });
}

test("every key of the schema has bad values", () => {
  const covered = Object.keys(cases).map((key) =>
    key
      .replace(/(routes|secrets|database\.roles|services)\.[a-zA-Z]+/, "$1.<name>")
      .replace("[0]", "[]"),
  );
  assert.deepEqual(covered, pathsOf("x-berth", schema));
});

function pathsOf(path: string, node: object): string[] {
  const { properties, additionalProperties, items } = node as Readonly<Record<string, unknown>>;
  return [
    path,
    ...Object.entries(mapOf(properties)).flatMap(([key, child]) =>
      pathsOf(`${path}.${key}`, mapOf(child)),
    ),
    ...(typeof additionalProperties === "object"
      ? pathsOf(`${path}.<name>`, mapOf(additionalProperties))
      : []),
    ...("type" in mapOf(items) && mapOf(items).type === "object"
      ? pathsOf(`${path}[]`, mapOf(items))
      : []),
  ];
}
