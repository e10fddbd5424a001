import { readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { parse } from "yaml";
import type { Context } from "./check";

/** URL of the state backend: of the settings, the environment, or the last `pulumi login`; empty when none is known. */
export function backendUrl({ settings, env }: Context): string {
  if (settings.backendUrl !== "") return settings.backendUrl;
  const fromEnvironment = env["PULUMI_BACKEND_URL"] ?? "";
  if (fromEnvironment !== "") return fromEnvironment;
  const home = env["PULUMI_HOME"] ?? join(env["HOME"] ?? homedir(), ".pulumi");
  try {
    const file = JSON.parse(readFileSync(join(home, "credentials.json"), "utf8")) as {
      current?: string;
    };
    return file.current ?? "";
  } catch {
    return "";
  }
}

/** Secrets provider of the stack: of the settings, or of its file; empty when neither names one. */
export function secretsProvider({ settings, env, projectRoot }: Context): string {
  if (settings.secretsProvider !== "") return settings.secretsProvider;
  try {
    const folder = env["BERTH_PROJECT"] ?? projectRoot;
    const text = readFileSync(join(folder, `Pulumi.${settings.stack}.yaml`), "utf8");
    const file = parse(text) as { secretsprovider?: string } | null;
    return file?.secretsprovider ?? "";
  } catch {
    return "";
  }
}

/** Tells whether a path lies in a folder, links followed, whether it exists or not. */
export function liesIn(folder: string, path: string): boolean {
  const way = relative(real(folder), real(path));
  return way === "" || (!way.startsWith("..") && !way.startsWith("/"));
}

function real(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch {
    return dirname(full) === full ? full : join(real(dirname(full)), basename(full));
  }
}
