/** Public https origin of a domain; the port is left out where it is the usual one. */
export function publicOrigin(domain: string, publicPort: number): string {
  return publicPort === 443 ? `https://${domain}` : `https://${domain}:${String(publicPort)}`;
}
