/**
 * Writes a rendered plan into a pull request's comment; the first line of the file finds the comment again.
 *
 *   node --import tsx ci/comment.ts FILE
 *
 * Environment: GITHUB_TOKEN, GITHUB_REPOSITORY (owner/name), GITHUB_API_URL, PULL_REQUEST (number).
 * Exit codes: 0 done, 1 GitHub refused, 64 something is not set.
 */
import { readFileSync } from "node:fs";

const PAGE = 100;
const TIMEOUT_MS = 30_000;

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly type?: string };
}

/** Where comments are written, and as whom. */
export interface PullRequest {
  readonly apiUrl: string;
  readonly repository: string;
  readonly number: string;
  readonly token: string;
}

/**
 * Makes or updates the comment whose first line is the body's.
 *
 * @returns what was done.
 * @throws when GitHub refuses; the token is not in the message.
 */
export async function writeComment(
  pullRequest: PullRequest,
  body: string,
): Promise<"made" | "updated"> {
  const mark = body.split("\n")[0] ?? "";
  const comments = `/repos/${pullRequest.repository}/issues/${pullRequest.number}/comments`;
  for (let page = 1; ; page += 1) {
    const path = `${comments}?per_page=${String(PAGE)}&page=${String(page)}`;
    const found = (await call(pullRequest, "GET", path)) as Comment[];
    // A person's comment that quotes ours is not ours.
    const ours = found.find(
      ({ body: text, user }) => user?.type === "Bot" && text?.startsWith(mark) === true,
    );
    if (ours !== undefined) {
      const path = `/repos/${pullRequest.repository}/issues/comments/${String(ours.id)}`;
      await call(pullRequest, "PATCH", path, { body });
      return "updated";
    }
    if (found.length < PAGE) break;
  }
  await call(pullRequest, "POST", comments, { body });
  return "made";
}

async function call(
  { apiUrl, token }: PullRequest,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    throw new Error(`GitHub answers ${String(response.status)} to ${method} ${path}`);
  }
  return response.json();
}

async function main(): Promise<void> {
  const file = process.argv[2];
  const { GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL, PULL_REQUEST } = process.env;
  if (!file || !GITHUB_TOKEN || !GITHUB_REPOSITORY || !PULL_REQUEST) {
    process.stderr.write(
      "error: give a file and set GITHUB_TOKEN, GITHUB_REPOSITORY and PULL_REQUEST\n",
    );
    process.exitCode = 64;
    return;
  }
  const pullRequest = {
    apiUrl: GITHUB_API_URL ?? "https://api.github.com",
    repository: GITHUB_REPOSITORY,
    number: PULL_REQUEST,
    token: GITHUB_TOKEN,
  };
  const done = await writeComment(pullRequest, readFileSync(file, "utf8"));
  process.stdout.write(`  comment ${done} on pull request ${PULL_REQUEST}\n`);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
