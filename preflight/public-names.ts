import { Resolver } from "node:dns/promises";

/** Who answers for a name: the zone above it with its name servers; nobody; or no answer came. */
export type Delegation =
  { readonly zone: string; readonly servers: readonly string[] } | "none" | "unknown";

/** Asks for the name servers of a domain. */
export type AskServers = (name: string) => Promise<string[]>;

/**
 * Finds the zone that a domain belongs to, from the domain upwards, without the top-level one.
 *
 * @returns "none" only when every question was answered with "no such thing".
 */
export async function delegationOf(domain: string, ask: AskServers): Promise<Delegation> {
  const labels = domain.split(".");
  for (let start = 0; start <= labels.length - 2; start++) {
    const zone = labels.slice(start).join(".");
    try {
      const servers = await ask(zone);
      if (servers.length > 0) {
        return { zone, servers: servers.map((server) => server.toLowerCase().replace(/\.$/, "")) };
      }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (!["ENOTFOUND", "ENODATA"].includes(code)) return "unknown";
    }
  }
  return "none";
}

/** Asks the resolvers of this machine. */
export function askPublicly(name: string): Promise<string[]> {
  return new Resolver({ timeout: 2000, tries: 2 }).resolveNs(name);
}
