import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fetchLocally } from "./support/https";
import { Project } from "./support/project";
import { dockerLeftovers, LocalServer } from "./support/server";

const STACK = "e2e-shop";
const SHOP = "test/e2e/shop";
const project = new Project(STACK);
const server = new LocalServer(STACK);
let root = "";

async function ask(path: string): Promise<string> {
  const url = JSON.parse(await project.output("urls")) as Record<string, string>;
  const { status, body } = await fetchLocally(`${url.main ?? ""}${path}`, root);
  assert.equal(status, 200, body);
  return body;
}

function startOf(container: string): string {
  return server.run("docker", "inspect", "--format", "{{.State.StartedAt}}", container);
}

before(() => {
  project.removeLeftServer();
  project.edit(`Pulumi.${STACK}.yaml`, (text) =>
    text
      .replace("berth:app: apps/battery-hub", `berth:app: ${SHOP}`)
      .replace(/berth:domains:\n( {4}.*\n)+/, "berth:domains:\n    main: shop.localhost\n"),
  );
});

after(async () => {
  await project.make("down");
  project.dispose();
});

test(
  "an application that names a variable no release has is told so, and nothing is made",
  { timeout: 900_000 },
  async () => {
    const misspelt = (text: string) => text.replace("${BERTH_URL_MAIN:-", "${BERTH_URL_MIAN:-");
    project.edit(`${SHOP}/compose.yaml`, misspelt);
    const { status, output } = await project.make("up");
    project.edit(`${SHOP}/compose.yaml`, (text) => text.replace("URL_MIAN", "URL_MAIN"));
    assert.equal(status, 2, output);
    assert.match(
      output.replace(/\s+/g, " "),
      /services\.web\.environment\.PUBLIC_URL: "BERTH_URL_MIAN" is no variable that a release has did you mean BERTH_URL_MAIN\?/,
    );
    assert.deepEqual(dockerLeftovers(STACK), []);
  },
);

test(
  "a first up whose release does not start tells why, and leaves a server that can be looked into",
  { timeout: 900_000 },
  async () => {
    const broken = 'die "the till is locked\\n";\n';
    project.edit(`${SHOP}/web/web.pl`, (text) => `${broken}${text}`);
    const { status, output } = await project.make("up");
    project.edit(`${SHOP}/web/web.pl`, (text) => text.replace(broken, ""));
    assert.notEqual(status, 0, output);
    assert.match(output, /make up failed at: release\n/);
    assert.match(output, /the till is locked/);
    const logs = await project.make("logs", { SERVICE: "web" });
    assert.equal(logs.status, 0, logs.output);
    assert.match(logs.output, /the till is locked/);
  },
);

test("an application of one's own comes up", { timeout: 900_000 }, async () => {
  const { status, output } = await project.make("up");
  assert.equal(status, 0, output);
  assert.doesNotMatch(output, /user admin|SERVICE=api/);
  assert.match(output, /secrets +make password STACK=e2e-shop SECRET=counterPassword\n/);
  assert.match(output, /logs +make logs STACK=e2e-shop SERVICE=counter\n/);
  root = await project.output("certificateRoot");
  assert.match(await ask("/"), /^https:\/\/shop\.localhost/);
  assert.deepEqual(server.unhealthy(), []);
});

test("a service that releases leave alone runs without a database, and knows its secret", async () => {
  assert.equal(await ask("/count"), "41");
  assert.match(server.run("docker", "ps", "--format", "{{.Names}}"), /^shop-data-counter-1$/m);
});

test("volumes have what the image has there, and belong to whom the image says", async () => {
  assert.equal(await ask("/upload/one"), "one");
  for (const [volume, content] of [
    ["counter", "value"],
    ["uploads", "one"],
  ] as const) {
    const folder = `/srv/berth/shop/volumes/${volume}`;
    assert.equal(server.run("stat", "--format", "%a %u:%g", folder), "750 1234:1234");
    assert.equal(server.run("ls", folder), content);
  }
});

test("what is not to be deployed is not, and a job waits to be called", () => {
  assert.doesNotMatch(
    server.run("docker", "ps", "--all", "--format", "{{.Names}}"),
    /workbench|greeting/,
  );
});

test(
  "another release keeps the volumes and leaves that service running",
  { timeout: 900_000 },
  async () => {
    const counter = startOf("shop-data-counter-1");
    const web = startOf("shop-web-1");
    project.edit(`${SHOP}/web/web.pl`, (text) => text.replace("qq({", "qq( {"));
    const { status, output } = await project.make("up");
    assert.equal(status, 0, output);
    assert.equal(startOf("shop-data-counter-1"), counter);
    assert.notEqual(startOf("shop-web-1"), web);
    assert.equal(await ask("/count"), "42");
    assert.equal(await ask("/upload/two"), "one two");
  },
);

test("a second up changes nothing and logs in nowhere", { timeout: 900_000 }, async () => {
  const logins = server.logins();
  const { status, output } = await project.make("up");
  assert.equal(status, 0, output);
  assert.match(output, /nothing to change: stack e2e-shop runs release/);
  assert.equal(server.logins(), logins);
});
