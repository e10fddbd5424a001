import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Reads which files of a build context Docker leaves out, to know whether a change matters to a build.
 *
 * Where the file uses more than plain patterns (exceptions, character classes), nothing counts as left out: a build
 * too many is cheap, one too few would ship old files.
 *
 * @param context folder of the build
 * @param dockerfile path below it; `<dockerfile>.dockerignore` goes before `.dockerignore`
 */
export function readDockerIgnore(context: string, dockerfile: string): (path: string) => boolean {
  const file = [`${dockerfile}.dockerignore`, ".dockerignore"]
    .map((name) => join(context, name))
    .find((candidate) => existsSync(candidate));
  if (file === undefined) return () => false;

  const patterns = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.replace(/^(\.?\/)+/, "").replace(/\/+$/, ""));
  if (patterns.some((pattern) => /[![\]\\]/.test(pattern) || pattern.includes(".."))) {
    return () => false;
  }
  const expressions = patterns.filter((pattern) => pattern !== "").map(toExpression);
  return (path) => expressions.some((expression) => expression.test(path));
}

/** A pattern matches a path from the context's root on, and everything below what it matches. */
function toExpression(pattern: string): RegExp {
  const source = pattern
    .split("/")
    .map((part) =>
      part === "**"
        ? "**"
        : part
            .replace(/[.+^${}()|]/g, "\\$&")
            .replace(/\*+/g, "[^/]*")
            .replace(/\?/g, "[^/]"),
    )
    .join("/")
    .replaceAll("**/", "(?:.*/)?")
    .replace(/\*\*$/, ".*");
  return new RegExp(`^${source}(?:/.*)?$`);
}
