import { readFileSync } from "node:fs";
import { join } from "node:path";

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
): { release?: Release; findings: string[] } {
  const file = join("releases", `${name}.json`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(join(projectRoot, file), "utf8"));
  } catch {
    return {
      findings: [`release: ${file} can't be read; build one with \`make release RELEASE=${name}\``],
    };
  }
  const release = parsed as Partial<Release>;
  const findings: string[] = [];
  if (!/^[0-9a-f]{12}$/.test(release.id ?? "")) findings.push(`release: ${file} has no valid id`);
  if (typeof release.app !== "string") findings.push(`release: ${file} names no app`);
  if (typeof release.platform !== "string") findings.push(`release: ${file} names no platform`);
  for (const [service, image] of Object.entries(release.images ?? {})) {
    if (!DIGEST.test(image.digest) || !REPOSITORY.test(image.repository)) {
      findings.push(`release: ${file} has no valid repository and digest for service ${service}`);
    }
  }
  return findings.length > 0 ? { findings } : { release: release as Release, findings };
}
