import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ended, type Ended, output } from "../support/script";
import type { Release } from "../../lib/release-file";
import { readFileSync } from "node:fs";

const COMPOSE = `
name: berth-test-small
services:
  web: { build: &web { context: web }, image: berth-test/small-web }
  worker: { build: *web, image: berth-test/small-web, command: [work] }
  jobs: { build: { context: jobs, args: { GREETING: hello } }, image: berth-test/small-jobs }
  base: { image: "debian:trixie-slim" }
x-berth:
  routes: { main: { service: web, port: 80, health: / } }
  services: { jobs: { mode: job }, worker: { mode: single }, base: { mode: single } }
`;

/** An application of four services and three images, in a folder of its own, with an image store of its own. */
export class SmallApplication {
  readonly folder = mkdtempSync(join(tmpdir(), "berth-small-"));
  readonly cache = mkdtempSync(join(tmpdir(), "berth-cache-"));

  constructor() {
    this.write("compose.yaml", COMPOSE);
    this.write("web/Dockerfile", 'FROM debian:trixie-slim\nCOPY page /page\nCMD ["/page"]\n');
    this.write("web/.dockerignore", "notes\n**/*.tmp\n");
    this.write("web/page", "one\n");
    this.write(
      "jobs/Dockerfile",
      // Fails when the CA bundle is not given, or its content would stay in the image.
      "FROM debian:trixie-slim\nARG GREETING\n" +
        "RUN --mount=type=secret,id=ca-bundle,target=/run/secrets/ca-bundle " +
        'grep -q "test authority" /run/secrets/ca-bundle && echo "$GREETING" > /greeting\n',
    );
    this.write("authority.pem", "test authority\n");
  }

  /** Writes a file below the application's folder. */
  write(path: string, content: string): void {
    const file = join(this.folder, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, content);
  }

  /** Runs build.ts on it, however that ends. */
  async build(cache = this.cache, options: readonly string[] = []): Promise<Ended> {
    const files = ["--app", this.folder, "--output", this.releaseFile];
    return ended(process.execPath, ["--import", "tsx", "images/build.ts", ...files, ...options], {
      env: { BERTH_CACHE: cache, BERTH_CA_BUNDLE: join(this.folder, "authority.pem") },
    });
  }

  /** Reads the release file that build.ts wrote. */
  release(): Release {
    return JSON.parse(readFileSync(this.releaseFile, "utf8")) as Release;
  }

  async remove(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.cache, { recursive: true, force: true });
    await output("docker", [
      "image",
      "rm",
      "--force",
      "berth-test/small-web",
      "berth-test/small-jobs",
    ]);
  }

  private get releaseFile(): string {
    return join(this.folder, "release.json");
  }
}
