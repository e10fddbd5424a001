import { join } from "node:path";
import { checkApplication } from "./application-checks";
import { readCompose } from "./application-compose";
import { checkSchema } from "./application-schema";
import type { Application, ComposeProject, XBerth } from "./application-types";
import { mapOf, type Finding } from "./finding";
import { pathOf } from "./stack-file";

/** Names that the configuration refers to, as far as the application could be read. */
export interface ApplicationNames {
  readonly app?: string;
  readonly routes?: readonly string[];
  readonly secrets?: readonly string[];
}

/** An application, or why it is unusable. */
export interface ReadApplication {
  /** Absent where there are findings. */
  readonly application?: Application;
  readonly names: ApplicationNames;
  readonly findings: readonly Finding[];
}

/**
 * Reads an application's `compose.yaml` with its `x-berth` block.
 *
 * @param folder the application's folder, absolute
 * @returns the application, or every finding that makes it unusable
 */
export function readApplication(folder: string): ReadApplication {
  const compose = readCompose(join(folder, "compose.yaml"));
  const { project, content, findings } = compose;
  const { "x-berth": given, ...rest } = content;
  const names: ApplicationNames = { app: project?.name, ...namesOf(given) };
  if (Object.keys(content).length === 0) return { names, findings };
  if (given === undefined) {
    const next = "write what Compose can't say; its keys are listed in README.md";
    return {
      names,
      findings: [...findings, { key: "x-berth", problem: "is missing", next }],
    };
  }
  const block = structuredClone(given);
  const all = [
    ...findings,
    ...checkSchema(block),
    ...checkApplication({
      // What Compose refuses may have services of any form: only their names are used.
      project: project ?? { services: emptied(mapOf(rest.services)) },
      berth: block,
    }),
  ].map((finding) => ({ ...finding, line: finding.line ?? compose.line(pathOf(finding.key)) }));
  if (project === undefined || all.length > 0) return { names, findings: all };
  return {
    application: { folder, project: rest as unknown as ComposeProject, berth: block as XBerth },
    names,
    findings: [],
  };
}

function namesOf(block: unknown): ApplicationNames {
  const { routes, secrets } = mapOf(block);
  return {
    routes: routes === undefined ? undefined : Object.keys(mapOf(routes)),
    secrets: block === undefined ? undefined : Object.keys(mapOf(secrets)),
  };
}

function emptied(services: Readonly<Record<string, unknown>>): ComposeProject["services"] {
  return Object.fromEntries(Object.keys(services).map((name) => [name, {}]));
}
