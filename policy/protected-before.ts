import { readFileSync } from "node:fs";
import type { ProtectedBefore } from "./rules/lifted-protection";
import { DATA_TYPES } from "./types";

interface Exported {
  readonly deployment?: {
    readonly resources?: readonly {
      readonly urn: string;
      readonly type: string;
      readonly protect?: boolean;
      readonly delete?: boolean;
      readonly inputs?: Record<string, unknown>;
    }[];
  };
}

/** The protected resources with data in an exported state, with their arguments as recorded; secrets stay encrypted. */
export function protectedBefore(exported: string): ProtectedBefore[] {
  const { deployment } = JSON.parse(exported) as Exported;
  return (deployment?.resources ?? [])
    .filter(({ type, protect, delete: isLeftover }) => {
      const holdsData = (DATA_TYPES as readonly string[]).includes(type);
      return holdsData && protect === true && isLeftover !== true;
    })
    .map(({ urn, inputs }) => ({ urn, inputs: inputs ?? {} }));
}

/** Settings of the pack, as `--policy-pack-config` takes them, for a stack that gives up its data. */
export function givenUpSettings(exported: string): Record<string, unknown> {
  return {
    "protected-data": { protectData: false },
    "private-database": { protectData: false },
    "lifted-protection": { protectData: false, protectedBefore: protectedBefore(exported) },
  };
}

if (require.main === module) {
  process.stdout.write(`${JSON.stringify(givenUpSettings(readFileSync(0, "utf8")))}\n`);
}
