import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import prettier from "prettier";
import { LARGEST_USER_DATA_BYTES } from "../../policy/rules/user-data-size";
import { DROPLET, INSTANCE } from "../../policy/types";
import { userDataOf } from "../../policy/user-data";
import { recordResources, type RecordedResource } from "../support/recording-mocks";
import { stepValues } from "../support/step-values";
import { brokenRules } from "./pack";
import { providerOutputs, replacingArguments } from "./provider-tables";
import { engineConfig } from "./stack-config";

const root = resolve(__dirname, "../..");

/** One line of a golden list; what a resource does not have is left out. */
interface Line {
  type: string;
  name: string;
  parent?: string;
  protect?: true;
  retainOnDelete?: true;
  deleteBeforeReplace?: true;
  deletedWith?: string;
  ignoreChanges?: string[];
  /** Given arguments whose change replaces the resource. */
  replaces?: string[];
}

/**
 * Tests that the stack consists of what its reviewed list says, and keeps to the rules of the policy pack.
 *
 * @param stack name of a Pulumi.<stack>.yaml
 */
export function goldenTests(stack: string): void {
  const file = join("test/golden", `${stack}.json`);
  let records: RecordedResource[] = [];

  test(`the resources of ${stack} are those of ${file}`, async () => {
    records = await declaredResources(stack);
    const lines = records.map(lineOf).sort(byPath(records));
    if (process.env.UPDATE_GOLDEN === "1") {
      const text = await prettier.format(JSON.stringify(lines), {
        parser: "json",
        printWidth: 100,
      });
      writeFileSync(join(root, file), text);
      return;
    }
    const golden = existsSync(join(root, file))
      ? (JSON.parse(readFileSync(join(root, file), "utf8")) as Line[])
      : [];
    const differences = compare(golden, lines);
    assert.ok(
      differences.length === 0,
      `stack ${stack} differs from ${file}:\n${differences.join("\n")}\n` +
        `If that is meant, run UPDATE_GOLDEN=1 node --import tsx --test test/golden/${stack}.test.ts ` +
        "and have the change of the file reviewed; a changed name or parent without an alias makes a resource anew.",
    );
  });

  test(`the resources of ${stack} keep to the policy pack`, async () => {
    assert.ok(records.length > 0, "the resources are known");
    assert.deepEqual(await brokenRules(stack, records), []);
  });

  test(`the user data of ${stack} has at most 12 KiB`, () => {
    const [userData = "", ...others] = userDataOfServer(records);
    assert.equal(others.length, 0);
    assert.match(userData, /^#cloud-config\n/);
    const bytes = Buffer.byteLength(userData);
    assert.ok(bytes <= LARGEST_USER_DATA_BYTES, `${bytes} bytes`);
  });
}

const SERVERS = [DROPLET, INSTANCE, "command:local:Command"];

/** User data of the stack's server; the local one gets it among the values on its step's stdin. */
function userDataOfServer(records: readonly RecordedResource[]): string[] {
  return records
    .filter(
      ({ type, name }) => SERVERS.includes(type) && /^server-(droplet|instance|machine)/.test(name),
    )
    .flatMap(({ inputs }) => {
      const bytes = userDataOf(inputs);
      return bytes === undefined ? (stepValues(inputs.stdin).USER_DATA ?? []) : bytes.toString();
    });
}

async function declaredResources(stack: string): Promise<RecordedResource[]> {
  // The program is looked at, not run, so it does not matter which plugins this machine has.
  process.env.BERTH_PLUGINS = "official";
  const records = await recordResources(providerOutputs(), stack);
  pulumi.runtime.setAllConfig(engineConfig(stack));
  await import("../../index");
  await pulumi.runtime.disconnect();
  return records.filter(({ type }) => type !== "pulumi:pulumi:Stack");
}

function lineOf(record: RecordedResource): Line {
  const { type, name, parent, deletedWith, ignoreChanges, replaceOnChanges } = record;
  const replaces = [
    ...replacingArguments(type, record.inputs, ignoreChanges),
    ...replaceOnChanges.map(argumentOf).filter((name) => name in record.inputs),
  ];
  return {
    type,
    name,
    ...(parent === "" ? {} : { parent }),
    ...(record.protect ? { protect: true } : {}),
    ...(record.retainOnDelete ? { retainOnDelete: true } : {}),
    ...(record.deleteBeforeReplace ? { deleteBeforeReplace: true } : {}),
    ...(deletedWith === "" ? {} : { deletedWith }),
    ...(ignoreChanges.length === 0 ? {} : { ignoreChanges: [...ignoreChanges].sort() }),
    ...(replaces.length === 0 ? {} : { replaces: [...new Set(replaces)] }),
  };
}

/** Argument that a path as `triggers[*]` begins with. */
function argumentOf(path: string): string {
  return path.replace(/[.[].*/, "");
}

/** Each resource below its parent, by name. */
function byPath(records: readonly RecordedResource[]): (a: Line, b: Line) => number {
  const parents = new Map(records.map(({ name, parent }) => [name, parent]));
  const path = (name: string): string => {
    const parent = parents.get(name) ?? "";
    return parent === "" ? name : `${path(parent)}/${name}`;
  };
  return (a, b) => {
    const [one, other] = [path(a.name), path(b.name)];
    return one < other ? -1 : Number(one > other);
  };
}

function compare(golden: readonly Line[], lines: readonly Line[]): string[] {
  const key = ({ type, name }: Line) => `${type} ${name}`;
  const found = new Map(lines.map((line) => [key(line), line]));
  const known = new Map(golden.map((line) => [key(line), line]));
  const gone = golden
    .filter((line) => !found.has(key(line)))
    .map((line) => `  - gone: ${key(line)}`);
  const rest = lines.flatMap((line) => {
    const before = known.get(key(line));
    if (before === undefined) return [`  - new: ${JSON.stringify(line)}`];
    const changed = JSON.stringify(before) !== JSON.stringify(line);
    return changed
      ? [`  - changed: ${JSON.stringify(before)}\n      now: ${JSON.stringify(line)}`]
      : [];
  });
  return [...gone, ...rest];
}
