/**
 * Names that `skipPreflight` may hold: every check of pre-flight, and `dns`, the wait for the names before the
 * certificate. Kept apart from the checks, which load the clouds' libraries.
 */
export const CHECK_NAMES: readonly string[] = [
  "credentials",
  "region",
  "size",
  "image",
  "image-platform",
  "quota",
  "volume",
  "name-taken",
  "database",
  "zone",
  "domains",
  "ssh-cidr",
  "certificate-authority",
  "server",
  "state-backend",
  "secrets-provider",
  "dns",
];
