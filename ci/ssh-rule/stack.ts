import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** What a rule has to know of a stack. */
export interface Stack {
  readonly name: string;
  readonly target: string;
  readonly region: string;
  /** Name of its server, `<application>-<stack>`. */
  readonly serverName: string;
}

/**
 * Reads a stack's file and the name of its application.
 *
 * @param project folder of Pulumi.<stack>.yaml
 * @param tree folder that the application's path starts at
 * @throws when the stack has no file.
 */
export function readStack(project: string, tree: string, name: string): Stack {
  const file = join(project, `Pulumi.${name}.yaml`);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Error(`there is no ${file}`);
  }
  const config = (parse(text) as { config?: Record<string, unknown> } | null)?.config ?? {};
  const value = (key: string): string => {
    const found = config[`berth:${key}`];
    return typeof found === "string" ? found : "";
  };
  const compose = parse(
    readFileSync(join(tree, value("app") || "apps/battery-hub", "compose.yaml"), "utf8"),
    { merge: true },
  ) as { name?: string };
  return {
    name,
    target: value("target"),
    region: value("region"),
    serverName: `${compose.name ?? ""}-${name}`,
  };
}
