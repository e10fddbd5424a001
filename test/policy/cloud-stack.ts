import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ContractStack } from "../contract/stack";

/** A finding of the pack in an engine's run. */
export interface Finding {
  readonly rule: string;
  /** Name of the resource. */
  readonly resource: string;
  readonly message: string;
}

interface PolicyEvent {
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly message: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
  };
}

const root = resolve(__dirname, "../..");

/** Options that make the engine ask the pack. */
export const PACK = ["--policy-pack", join(root, "policy/start.sh")];

/** A stack in the engine whose clouds check arguments and make nothing. */
export async function cloudStack(): Promise<ContractStack> {
  const stack = await ContractStack.make();
  const plugins = join(stack.folder, "plugins");
  mkdirSync(plugins);
  for (const cloud of ["digitalocean", "aws"]) {
    const starter = join(plugins, `pulumi-resource-${cloud}`);
    writeFileSync(
      starter,
      `#!/bin/sh\ncd '${root}'\nexec node --import tsx test/policy/cloud-provider.ts "$@" ${cloud}\n`,
    );
    chmodSync(starter, 0o755);
  }
  const paths = ["digitalocean", "aws"].map(
    (name) => `    - { name: ${name}, path: ${plugins} }\n`,
  );
  appendFileSync(
    join(stack.folder, "project/Pulumi.yaml"),
    `plugins:\n  providers:\n${paths.join("")}`,
  );
  return stack;
}

/** What the pack found in the stack's last run. */
export function findingsOf(stack: ContractStack): Finding[] {
  return readFileSync(join(stack.folder, "events.json"), "utf8")
    .trim()
    .split("\n")
    .flatMap((line) => (JSON.parse(line) as PolicyEvent).policyEvent ?? [])
    .map(({ policyName, resourceUrn = "", message, enforcementLevel }) => ({
      rule: `${policyName}${enforcementLevel === "mandatory" ? "" : ` (${enforcementLevel})`}`,
      resource: resourceUrn.split("::").at(-1) ?? "",
      message,
    }));
}
