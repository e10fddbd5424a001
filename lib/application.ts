import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ErrorObject } from "ajv";
import { checkApplication } from "./application-checks";
import type { Application, ComposeProject, XBerth } from "./application-types";
import schema from "./x-berth.schema.json";

/**
 * Reads an application's `compose.yaml` with its `x-berth` block through Compose itself, so that what plain
 * `docker compose` accepts is what berth accepts. Variables are left as they are: the server fills them in.
 *
 * @param folder the application's folder, absolute
 * @returns the application, or every finding that makes it unusable
 */
export function readApplication(folder: string): { application?: Application; findings: string[] } {
  const file = join(folder, "compose.yaml");
  if (!existsSync(file)) {
    return { findings: [`app: ${file} does not exist; name a folder that holds a compose.yaml`] };
  }
  const rendered = renderWithCompose(file);
  if (rendered.project === undefined) return { findings: [rendered.finding] };

  const { "x-berth": block, ...project } = rendered.project;
  if (block === undefined) {
    return { findings: [`app: ${file} has no x-berth block; its keys are listed in README.md`] };
  }
  const validate = new Ajv({ allErrors: true, useDefaults: true, strict: false }).compile<XBerth>(
    schema,
  );
  if (!validate(block)) {
    return { findings: (validate.errors ?? []).map(describeSchemaError) };
  }
  const application: Application = { folder, project, berth: block };
  const findings = checkApplication(application);
  return findings.length > 0 ? { findings } : { application, findings };
}

function renderWithCompose(
  file: string,
): { project: ComposeProject; finding?: never } | { project?: never; finding: string } {
  try {
    const json = execFileSync(
      "docker-compose",
      ["-f", file, "--profile", "*", "config", "--no-interpolate", "--format", "json"],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    );
    return { project: JSON.parse(json) as ComposeProject };
  } catch (error) {
    const failure = error as { code?: string; stderr?: string; message: string };
    if (failure.code === "ENOENT") {
      return {
        finding: "docker-compose is not on PATH; run `make setup`, then `. toolchain/env.sh`",
      };
    }
    return {
      finding: `app: Compose refuses ${file}: ${(failure.stderr ?? failure.message).trim()}`,
    };
  }
}

function describeSchemaError(error: ErrorObject): string {
  const path = `x-berth${error.instancePath}`;
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "additionalProperties":
      return `${path}: unknown key "${String(params.additionalProperty)}"; the keys are listed in README.md`;
    case "enum":
      return `${path}: allowed are ${(params.allowedValues as string[]).join(", ")}`;
    default:
      return `${path}: ${error.message ?? error.keyword}`;
  }
}
