import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildStep, CA_SECRET, MIRRORS } from "./build-plan";
import { run } from "./run";

/** Tells the id of a local image, or undefined where there is none. */
export function localImageId(reference: string): string | undefined {
  try {
    return execFileSync("docker", ["image", "inspect", "--format", "{{.Id}}", reference], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}

/** Tells the platform that Docker's containers run on, e.g. `linux/amd64`. */
export async function dockerPlatform(): Promise<string> {
  return run("docker", ["version", "--format", "{{.Server.Os}}/{{.Server.Arch}}"]);
}

/** Pulls an image for a platform and tells its id. */
export async function pullImage(reference: string, platform: string): Promise<string> {
  await run("docker", ["pull", "--quiet", "--platform", platform, reference]);
  return run("docker", ["image", "inspect", "--format", "{{.Id}}", reference]);
}

/**
 * Builds an image with BuildKit.
 *
 * @param onLine called with each line of the build's log
 * @returns Docker's id of the image
 */
export async function buildImage(step: BuildStep, onLine: (line: string) => void): Promise<string> {
  const { context, dockerfile, target, args } = step.build;
  const aside = mkdtempSync(join(tmpdir(), "berth-build-"));
  const idFile = join(aside, "id");
  // Only the builder inside Docker itself sees images that were made here.
  const builder = await run("docker", ["context", "show"]);
  try {
    await run(
      "docker-buildx",
      [
        ...["build", "--builder", builder, "--progress", "plain", "--load"],
        ...["--provenance=false", "--sbom=false", "--iidfile", idFile],
        ...["--platform", step.platform, "--tag", step.tag, "--file", join(context, dockerfile)],
        ...(target === undefined ? [] : ["--target", target]),
        ...Object.entries(args).flatMap(([name, value]) => [
          "--build-arg",
          value === null ? name : `${name}=${value}`,
        ]),
        ...MIRRORS.filter((name) => process.env[name] !== undefined).flatMap((name) => [
          "--build-arg",
          name,
        ]),
        ...authorityOptions(),
        context,
      ],
      { onLine },
    );
    return readFileSync(idFile, "utf8").trim();
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** A CA bundle of the operator's network reaches builds as a secret, so that no image keeps it. */
function authorityOptions(): string[] {
  const bundle = process.env.BERTH_CA_BUNDLE ?? process.env.SSL_CERT_FILE;
  if (bundle === undefined || bundle === "") return [];
  if (!existsSync(bundle)) {
    throw new Error(
      `BERTH_CA_BUNDLE is "${bundle}", which does not exist; give the path of a PEM file or unset it`,
    );
  }
  return ["--secret", `id=${CA_SECRET},src=${bundle}`];
}
