const SECRETS = [
  "DIGITALOCEAN_TOKEN",
  "DIGITALOCEAN_ACCESS_TOKEN",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "PULUMI_ACCESS_TOKEN",
  "PULUMI_CONFIG_PASSPHRASE",
  "SPACES_SECRET_ACCESS_KEY",
];
const SHORTEST = 4;

/** Takes secrets of the environment, and passwords in URLs, out of a text that others wrote. */
export function redact(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return SECRETS.map((name) => env[name] ?? "")
    .filter((secret) => secret.length >= SHORTEST)
    .reduce((clean, secret) => clean.replaceAll(secret, "[secret]"), text)
    .replace(/(\w+:\/\/[^\s:/@]*):[^\s@]+@/g, "$1:[secret]@");
}
