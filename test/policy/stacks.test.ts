import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { stringify } from "yaml";
import type { ContractStack } from "../contract/stack";
import { declaredKeys, engineConfig } from "../golden/stack-config";
import { cloudStack } from "./cloud-stack";

const root = resolve(__dirname, "../..");
let stack: ContractStack;
let project: string;

// The stacks of this tree in a project of their own, with clouds that make nothing.
before(async () => {
  stack = await cloudStack();
  project = join(stack.folder, "rehearsal");
  mkdirSync(project);
  const plugins = /^plugins:[\s\S]*/m.exec(
    readFileSync(join(stack.folder, "project/Pulumi.yaml"), "utf8"),
  );
  const program = readFileSync(join(root, "Pulumi.yaml"), "utf8");
  writeFileSync(
    join(project, "Pulumi.yaml"),
    `${program.replace("main: index.ts", `main: ${root}`)}\n${plugins?.[0] ?? ""}`,
  );
});
after(() => stack.remove());

/** Runs `make preview` of a stack. */
function preview(name: string, changes: Record<string, unknown> = {}): Promise<string> {
  const declared = declaredKeys();
  const config = Object.entries(engineConfig(name)).map(([key, value]) => {
    const isText = declared[key.replace("berth:", "")]?.type === "string";
    return [key, isText ? value : (JSON.parse(value) as unknown)] as const;
  });
  const values = { ...Object.fromEntries(config), ...changes };
  writeFileSync(join(project, `Pulumi.${name}.yaml`), stringify({ config: values }));
  const env = {
    ...process.env,
    STACK: name,
    BERTH_PROJECT: project,
    // What a rehearsal is told by: stand-in plugins are kept away from clouds otherwise.
    BERTH_SIMULATOR: join(stack.folder, "simulator"),
    PULUMI_BACKEND_URL: `file://${join(stack.folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "contract",
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
  };
  return new Promise((finish) => {
    execFile(join(root, "commands/preview.sh"), { cwd: root, env }, (error, stdout, stderr) => {
      rmSync(join(project, `Pulumi.${name}.yaml`));
      finish(`exit ${String(error?.code ?? 0)}\n${stdout}${stderr}`);
    });
  });
}

for (const name of ["prod", "staging"]) {
  test(`a first preview of ${name} runs the pack, which has nothing to say`, async () => {
    const printed = await preview(name);
    assert.match(printed, /^exit 0\n/, printed);
    assert.match(printed, /Policy Packs run:\s+Name\s+Version\s+berth\|local\|/, printed);
    assert.doesNotMatch(printed, /\[(advisory|mandatory)\]/);
  });
}

test("a stack that breaks a rule by its configuration fails its preview", async () => {
  const printed = await preview("prod", { "berth:sshCidrs": ["128.0.0.0/1"] });
  assert.doesNotMatch(printed, /^exit 0\n/);
  assert.match(printed, /\[mandatory\] +open-ssh +\(.*server-network-firewall\)/, printed);
});
