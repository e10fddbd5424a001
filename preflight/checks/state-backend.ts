import { homedir } from "node:os";
import { resolve } from "node:path";
import { EVERYWHERE, type Check, type Context, type Finding } from "../check";
import { backendUrl, liesIn } from "../state";

const REMOTE = ["s3:", "azblob:", "gs:", "postgres:", "postgresql:", "https:", "http:"];

/** The state is kept where it outlives a clone of the project. */
export const stateBackend: Check = {
  name: "state-backend",
  targets: EVERYWHERE,
  run: (context) => Promise.resolve(checkBackend(context)),
};

function checkBackend(context: Context): Finding[] {
  const url = backendUrl(context);
  const next =
    "set PULUMI_BACKEND_URL to s3://..., azblob://..., gs://..., postgres://..., https://api.pulumi.com, or file:// and a folder outside of the project";
  if (url === "") return [{ problem: "no state backend is chosen", next }];
  const scheme = url.slice(0, url.indexOf(":") + 1);
  if (REMOTE.includes(scheme)) return [];
  if (scheme !== "file:") {
    return [
      {
        problem: `"${scheme === "" ? "a path without a scheme" : scheme}" is no kind of state backend`,
        next,
      },
    ];
  }
  const folder = folderOf(url, context);
  if (!liesIn(context.projectRoot, folder)) return [];
  return [
    {
      problem: `the state would lie in the project's folder (${folder}), to be committed or deleted with it`,
      next,
    },
  ];
}

function folderOf(url: string, { env, projectRoot }: Context): string {
  const path = url.slice("file://".length).split("?")[0] ?? "";
  return path === "~" || path.startsWith("~/")
    ? resolve(env["HOME"] ?? homedir(), `.${path.slice(1)}`)
    : resolve(projectRoot, path);
}
