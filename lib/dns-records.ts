/**
 * The name of a domain's record within its zone; `@` for the zone itself.
 *
 * @throws when the domain is not in the zone.
 */
export function recordName(domain: string, zone: string): string {
  if (domain === zone) return "@";
  if (!domain.endsWith(`.${zone}`)) throw new Error(`${domain} is not in the zone ${zone}`);
  return domain.slice(0, -zone.length - 1);
}
