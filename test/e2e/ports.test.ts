import assert from "node:assert/strict";
import { request } from "node:http";
import { createServer, type Server } from "node:net";
import { after, before, test } from "node:test";
import { fetchLocally } from "./support/https";
import { Project } from "./support/project";

const STACK = "e2e-ports";
const project = new Project(STACK);
const occupied: Server[] = [];
let urls: Record<string, string> = {};
let root = "";

before(async () => {
  project.removeLeftServer();
  for (const port of [80, 443]) {
    const holder = createServer();
    // A port that something else holds already is as taken as it should be.
    const held = await new Promise<boolean>((resolve) => {
      holder.once("error", () => resolve(false));
      holder.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (held) occupied.push(holder);
  }
});

after(async () => {
  await project.make("down");
  for (const taken of occupied) taken.close();
  project.dispose();
});

test(
  "with 80 and 443 taken, make up finds other ports and says so",
  { timeout: 900_000 },
  async () => {
    const { status, output } = await project.make("up");
    assert.equal(status, 0, output);
    assert.match(output, /port 443 is taken on this machine: publicPort is \d+/);
    urls = JSON.parse(await project.output("urls")) as Record<string, string>;
    root = await project.output("certificateRoot");
    for (const url of Object.values(urls)) assert.match(url, /^https:\/\/[a-z.-]+:\d+$/);
  },
);

test("the page answers on the port of its URL", async () => {
  assert.equal((await fetchLocally(urls.main ?? "", root)).status, 200);
});

test("redirects name the public port", async () => {
  const configured = await project.run("pulumi", [
    "config",
    "get",
    "localHttpPort",
    "--stack",
    STACK,
  ]);
  const location = await new Promise<string | undefined>((resolve, reject) => {
    request(
      {
        host: "127.0.0.1",
        port: Number(configured.output),
        headers: { host: "battery-hub.localhost" },
        path: "/x?y=1",
      },
      (response) => {
        response.resume();
        resolve(response.headers.location);
      },
    )
      .on("error", reject)
      .end();
  });
  assert.equal(location, `${urls.main ?? ""}/x?y=1`);
});

test("the API lets in the page's origin with its port, and no other", async () => {
  const origin = urls.main ?? "";
  const allowed = await fetchLocally(`${urls.api ?? ""}/health`, root, { origin });
  assert.equal(allowed.headers["access-control-allow-origin"], origin);
  const other = await fetchLocally(`${urls.api ?? ""}/health`, root, {
    origin: "https://battery-hub.localhost",
  });
  assert.equal(other.headers["access-control-allow-origin"], undefined);
});

test("the checks pass on that port too", { timeout: 120_000 }, async () => {
  const { status, output } = await project.make("checks");
  assert.equal(status, 0, output);
});
