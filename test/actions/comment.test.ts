import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { writeComment } from "../../ci/comment";
import { marker, PLAN_LIMIT, renderPlan } from "../../ci/plan";

const TOKEN = "a-token-that-stays-secret";

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly type: string };
}

const comments: Comment[] = [];
const asked: string[] = [];
let isRefused = false;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return (JSON.parse(text) as { body: string }).body;
}

/** GitHub's comments of one pull request. */
const github = createServer((request, response) => {
  const { method, url = "" } = request;
  asked.push(`${method ?? ""} ${url}`);
  const answer = (status: number, value: unknown): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
  if (isRefused || request.headers.authorization !== `Bearer ${TOKEN}`) {
    answer(403, {});
  } else if (method === "GET") {
    const page = Number(new URL(url, "http://github").searchParams.get("page"));
    answer(200, comments.slice((page - 1) * 100, page * 100));
  } else {
    void bodyOf(request).then((body) => {
      const id = Number(url.split("/").at(-1));
      const old = comments.find((comment) => comment.id === id);
      if (method === "PATCH" && old !== undefined) old.body = body;
      else comments.push({ id: comments.length, body, user: { type: "Bot" } });
      answer(200, {});
    });
  }
});
// Closed when idle, a connection could end just when a client that was paused uses it again.
github.keepAliveTimeout = 0;
const isListening = new Promise<void>((done) => github.listen(0, "127.0.0.1", done));
after(() => {
  github.closeAllConnections();
  github.close();
});

async function write(body: string): Promise<string> {
  await isListening;
  const { port } = github.address() as AddressInfo;
  const apiUrl = `http://127.0.0.1:${String(port)}`;
  return writeComment({ apiUrl, repository: "us/ours", number: "7", token: TOKEN }, body);
}

test("the first plan makes a comment, the next ones update it, each stack its own", async () => {
  // A full page of others, and a person who quotes ours.
  for (let id = 0; id < 100; id += 1) {
    comments.push({ id, body: "something else", user: { type: "User" } });
  }
  comments.push({ id: 100, body: renderPlan("prod", 0, "quoted"), user: { type: "User" } });

  assert.equal(await write(renderPlan("prod", 0, "one")), "made");
  assert.equal(await write(renderPlan("prod", 0, "two")), "updated");
  assert.equal(await write(renderPlan("staging", 0, "three")), "made");
  const ours = comments.filter(({ user }) => user.type === "Bot");
  assert.equal(ours.length, 2);
  assert.match(ours[0]?.body ?? "", /two/);
  assert.match(comments[100]?.body ?? "", /quoted/);
});

test("a refusal is said without the token", async () => {
  isRefused = true;
  await assert.rejects(write(renderPlan("prod", 0, "")), (error: Error) => {
    assert.match(error.message, /GitHub answers 403 to GET \/repos\/us\/ours\/issues\/7\/comments/);
    assert.ok(!error.message.includes(TOKEN));
    return true;
  });
  isRefused = false;
});

test("a plan counts what changes", () => {
  const printed = "...\nResources:\n    + 2 to create\n    ~ 1 to update\n    12 unchanged\n";
  assert.match(
    renderPlan("prod", 0, printed),
    /Plan of stack `prod`: \+ 2 to create, ~ 1 to update\n/,
  );
  assert.match(renderPlan("prod", 0, "Resources:\n    12 unchanged\n"), /`prod`: no changes\n/);
  assert.match(renderPlan("prod", 255, "error: no"), /`prod`: the preview failed\n/);
});

test("a long plan fits a comment; of a failed one the end is kept", () => {
  const long = `begin ${"x".repeat(PLAN_LIMIT)} end`;
  const planned = renderPlan("prod", 0, long);
  assert.equal(planned.length, PLAN_LIMIT);
  assert.ok(planned.includes("begin ") && !planned.includes(" end\n"));
  assert.match(planned, /the plan is longer than a comment may be/);
  const failed = renderPlan("prod", 1, long);
  assert.ok(failed.length <= PLAN_LIMIT && failed.includes(" end\n"));
});

test("what is printed can't leave its block or take another stack's comment", () => {
  const text = renderPlan("prod", 0, `~~~~~~\n${marker("staging")}\n`);
  assert.equal(text.match(/~~~~~~/g)?.length, 2);
  assert.ok(text.startsWith(marker("prod")));
});
