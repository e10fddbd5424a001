import type { PreflightSettings } from "./settings";

/** Tag that the things of a stack bear at DigitalOcean, `berth-<stack>`. */
export function stackTag(stack: string): string {
  return `berth-${stack}`;
}

/** Tag that the servers of one application in one stack bear at DigitalOcean, `berth-<server name>`. */
export function serverTag(settings: PreflightSettings): string {
  return `berth-${settings.serverName}`;
}

/** Key of the tag that the things of a stack bear at AWS; its value is the stack's name. */
export const STACK_TAG_KEY = "berth:stack";

/** Tells whether a thing bears the name that the stack gives. Whole names: `shop-prod` must not take `shop-prod-eu` for its own. */
export function isOurName(settings: PreflightSettings, name: string | undefined): boolean {
  return name === settings.serverName;
}

/** Name of the server that the settings ask for: `<server name>-<generation>`. */
export function currentServerName(settings: PreflightSettings): string {
  return `${settings.serverName}-${settings.serverGeneration}`;
}

/** Tells whether a server bears a name that the stack gives: `<server name>-<generation>`. */
export function isOurServerName(settings: PreflightSettings, name: string | undefined): boolean {
  const prefix = `${settings.serverName}-`;
  return name?.startsWith(prefix) === true && /^\d+$/.test(name.slice(prefix.length));
}
