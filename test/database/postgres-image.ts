import { resolve } from "node:path";
import { buildImage, dockerPlatform } from "../../images/docker";

/** The name that the tests give the image, so that they never run an older one. */
export const IMAGE = "berth/postgres:test";

let built: Promise<string> | undefined;

/** Builds the image; nearly nothing is done when it is there already. */
export async function ensureImage(): Promise<void> {
  built ??= dockerPlatform().then((platform) =>
    buildImage(
      {
        repository: "test/postgres",
        services: ["postgres"],
        platform,
        tag: IMAGE,
        build: {
          context: resolve(__dirname, "../../images/postgres"),
          dockerfile: "Dockerfile",
          args: {},
        },
      },
      () => undefined,
    ),
  );
  await built;
}
