import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { planBuilds } from "../../images/build-plan";
import { readDockerIgnore } from "../../images/docker-ignore";
import { baseReferences } from "../../images/fingerprint";
import type { Application, ComposeService } from "../../lib/application-types";

function application(services: Record<string, ComposeService>): Application {
  return {
    folder: "/app",
    project: { name: "app", services },
    berth: { routes: {}, services: { left: { mode: "omit" } } },
  };
}

describe("the plan of builds", () => {
  test("joins services that share a build and leaves out those that are omitted", () => {
    const build = { context: "/app/api" };
    const plan = planBuilds(
      application({
        cron: { build },
        api: { build, image: "api" },
        left: { image: "x" },
        cache: { image: "redis:7" },
      }),
      "linux/amd64",
    );
    assert.deepEqual(plan.builds, [
      {
        repository: "app/api",
        services: ["api", "cron"],
        platform: "linux/amd64",
        build: { context: "/app/api", dockerfile: "Dockerfile", target: undefined, args: {} },
        tag: "api",
      },
    ]);
    assert.deepEqual(plan.pulls, [
      {
        repository: "app/cache",
        services: ["cache"],
        platform: "linux/amd64",
        reference: "redis:7",
      },
    ]);
  });

  test("leaves out where packages are fetched from, which may hold a password", () => {
    const build = { context: "/c", args: { PIP_INDEX_URL: "https://u:p@mirror/", A: "1" } };
    const plan = planBuilds(application({ api: { build } }), "linux/amd64");
    assert.deepEqual(plan.builds[0]?.build.args, { A: "1" });
  });

  const refused: [string, Record<string, ComposeService>, RegExp][] = [
    [
      "two platforms",
      { a: { image: "x" }, b: { image: "x", platform: "linux/arm64" } },
      /^Error: services are for different platforms \(a: linux\/amd64; b: linux\/arm64\)/,
    ],
    [
      "a key it does not know",
      { a: { build: { context: "/c", network: "host" } } },
      /services\.a\.build: network is not supported; supported are context/,
    ],
    [
      "a build secret of others",
      { a: { build: { context: "/c", secrets: [{ source: "token" }] } } },
      /services\.a\.build\.secrets: token is not supported/,
    ],
    [
      "a variable in an argument",
      { a: { build: { context: "/c", args: { V: "${V:-1}" } } } },
      /services\.a\.build\.args\.V is "\$\{V:-1\}": a release is the same everywhere/,
    ],
    [
      "a variable in an image",
      { a: { image: "redis:$TAG" } },
      /services\.a\.image is "redis:\$TAG"/,
    ],
    [
      "a service without image",
      { a: {} },
      /services\.a: neither image nor build is given; give one/,
    ],
    ["nothing at all", {}, /has no service/],
  ];
  for (const [name, services, message] of refused) {
    test(`refuses ${name}`, () => {
      assert.throws(() => planBuilds(application(services), "linux/amd64"), message);
    });
  }
});

describe("files that Docker leaves out", () => {
  const cases: [string, string, boolean][] = [
    ["notes", "notes", true],
    ["notes", "notes/deep/er", true],
    ["notes", "other/notes", false],
    ["/notes/", "notes", true],
    ["*.md", "README.md", true],
    ["*.md", "docs/README.md", false],
    ["**/*.md", "docs/deep/README.md", true],
    ["**/*.md", "README.md", true],
    ["docs/**", "docs/deep/x", true],
    ["a?c", "abc", true],
    ["a.c", "abc", false],
    ["# comment", "comment", false],
    // An exception can bring anything back: count everything rather than miss it.
    ["*\n!kept", "gone", false],
  ];
  for (const [pattern, path, left] of cases) {
    test(`${JSON.stringify(pattern)} ${left ? "leaves out" : "keeps"} ${path}`, () => {
      const folder = mkdtempSync(join(tmpdir(), "berth-ignore-"));
      writeFileSync(join(folder, ".dockerignore"), pattern);
      assert.equal(readDockerIgnore(folder, "Dockerfile")(path), left);
      rmSync(folder, { recursive: true });
    });
  }
});

test("images that a Dockerfile builds on are those from outside it", () => {
  const text = [
    "FROM --platform=linux/amd64 debian:trixie-slim AS one",
    "from one as two",
    "FROM scratch",
    "COPY --chmod=0755 --from=two /a /a",
    "COPY --from=busybox:1 /b /b",
  ].join("\n");
  assert.deepEqual(baseReferences(text), ["busybox:1", "debian:trixie-slim"]);
});
