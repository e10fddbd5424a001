import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mapOf, type Finding } from "./finding";

/** One image of a release. */
export interface ReleaseImage {
  /** Path in the server's registry, e.g. `battery-hub/api`. */
  readonly repository: string;
  /** Digest of the manifest, `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
}

/** What a release consists of, as `make release` writes it to `releases/<name>.json`. */
export interface Release {
  /** 12 hexadecimal digits over the application's name and its digests; the same images have the same id. */
  readonly id: string;
  /** Compose name of the application. */
  readonly app: string;
  /** Platform of the images, e.g. `linux/amd64`. */
  readonly platform: string;
  /** Image of each Compose service. */
  readonly images: Readonly<Record<string, ReleaseImage>>;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const REPOSITORY = /^[a-z0-9]+([._/-][a-z0-9]+)*$/;

/**
 * Reads `releases/<name>.json`.
 *
 * @returns the release, or the findings that make it unusable.
 */
export function readRelease(
  projectRoot: string,
  name: string,
): { release?: Release; findings: Finding[] } {
  const file = join("releases", `${name}.json`);
  const next = `build it with \`make release RELEASE=${name}\``;
  const finding = (problem: string): Finding => ({ key: "release", value: name, problem, next });
  if (name === "") {
    return {
      findings: [{ ...finding("is empty"), next: "name a file releases/<name>.json, e.g. local" }],
    };
  }
  let text: string;
  let parsed: unknown;
  try {
    text = readFileSync(join(projectRoot, file), "utf8");
  } catch {
    return { findings: [finding(`names no file that can be read: ${file}`)] };
  }
  try {
    parsed = JSON.parse(text);
  } catch {
    return { findings: [finding(`names ${file}, which is no JSON`)] };
  }
  const problems = releaseProblems(mapOf(parsed));
  return problems.length > 0
    ? { findings: problems.map((problem) => finding(`names ${file}, which has ${problem}`)) }
    : { release: parsed as Release, findings: [] };
}

function releaseProblems({
  id,
  app,
  platform,
  images,
}: Partial<Record<string, unknown>>): string[] {
  const problems: string[] = [];
  if (typeof id !== "string" || !/^[0-9a-f]{12}$/.test(id)) problems.push("no valid id");
  if (typeof app !== "string") problems.push("no app");
  if (typeof platform !== "string") problems.push("no platform");
  for (const [service, image] of Object.entries(mapOf(images))) {
    const { digest, repository } = mapOf(image);
    if (!DIGEST.test(String(digest)) || !REPOSITORY.test(String(repository))) {
      problems.push(`no valid repository and digest for service ${service}`);
    }
  }
  return problems;
}
