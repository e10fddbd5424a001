import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { ComposeProject } from "./application-types";
import { mapOf, type Finding } from "./finding";
import { pathOf, readYaml, type YamlFile } from "./stack-file";

/** A Compose file as Compose reads it, or as far as it can be read without. */
export interface ReadCompose {
  /** What Compose makes of it; absent where Compose refuses it. */
  readonly project?: ComposeProject;
  /** The file's own content, for what can be said of it where Compose refuses it. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
  /** Line of a key in the file. */
  readonly line: YamlFile["line"];
}

/**
 * Reads a Compose file through Compose itself, so that what plain `docker compose` accepts is what berth accepts.
 * Variables are left as they are: the server fills them in.
 */
export function readCompose(file: string): ReadCompose {
  if (!existsSync(file)) {
    const next = "name a folder that holds a compose.yaml, relative to the project";
    return nothing({ key: "app", value: file, problem: "does not exist", next });
  }
  // Read only for the places of findings, and where Compose refuses the file.
  let yaml: YamlFile | undefined;
  const own = () => (yaml ??= readYaml(readFileSync(file, "utf8")));
  const line: YamlFile["line"] = (path) => own().line(path);
  try {
    const json = execFileSync(
      "docker-compose",
      ["-f", file, "--profile", "*", "config", "--no-interpolate", "--format", "json"],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        env: withoutConfiguration(process.env),
      },
    );
    const project = JSON.parse(json) as ComposeProject;
    return { project, content: mapOf(project), findings: [], line };
  } catch (error) {
    const failure = error as { code?: string; stderr?: string; message: string };
    if (failure.code === "ENOENT") {
      const next = "run `make setup`, then `. toolchain/env.sh`";
      return nothing({ key: "docker-compose", problem: "is not on PATH", next });
    }
    const { findings, content } = own();
    const refused =
      findings.length > 0 ? findings : [refusal(failure.stderr ?? failure.message, file, line)];
    return { content: mapOf(content), findings: refused, line };
  }
}

function nothing(finding: Finding): ReadCompose {
  return { content: {}, findings: [finding], line: () => undefined };
}

/** Compose's own words, without its log lines and without the name of the file, which is said already. */
function refusal(stderr: string, file: string, lineOf: YamlFile["line"]): Finding {
  const lines = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("time="));
  const words = lines
    .join(" ")
    .replace(`failed to parse ${file}: `, "")
    .replace(`validating ${file}: `, "");
  const named = /\bline ([0-9]+)/.exec(words)?.[1];
  const path = /\b(services|networks|volumes|secrets|configs)\.[^\s:]+/.exec(words)?.[0];
  const line = named === undefined ? path && lineOf(pathOf(path)) : Number(named);
  return {
    key: "compose.yaml",
    problem: `is refused by Compose: ${words.trim()}`,
    next: "put it right; `docker compose config` says the same",
    ...(typeof line === "number" ? { line } : {}),
  };
}

// The engine hands the program its configuration there, with the secrets in clear: nobody else's to have.
function withoutConfiguration(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith("PULUMI_CONFIG")),
  );
}
