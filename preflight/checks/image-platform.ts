import { CLOUDS, type Check, type Context } from "../check";

/** Name of an architecture at AWS -> platform of container images. */
const PLATFORMS: Readonly<Record<string, string>> = {
  x86_64: "linux/amd64",
  arm64: "linux/arm64",
};

/** The release's images run on the server's architecture. */
export const imagePlatform: Check = {
  name: "image-platform",
  targets: CLOUDS,
  run: async (context) => {
    const needed = await serverPlatform(context);
    const { platform, size } = context.settings;
    if (needed === undefined || needed === platform) return [];
    return [
      {
        problem: `the release is built for ${platform}, a server of size "${size}" runs ${needed}`,
        next: `build the release for ${needed} (platform in x-berth), or choose a server of ${platform}`,
      },
    ];
  },
};

async function serverPlatform({ settings, aws }: Context): Promise<string | undefined> {
  // DigitalOcean has no other droplets.
  if (settings.target === "droplet") return "linux/amd64";
  const architecture = (await aws.image())?.Architecture;
  return architecture === undefined ? undefined : PLATFORMS[architecture];
}
