import { Resolver } from "node:dns";
import { request } from "node:https";
import type { LookupFunction } from "node:net";
import * as tls from "node:tls";

const MOST_BYTES = 1024 * 1024;

/** How to ask. */
export interface GetOptions {
  /** Certificates (PEM) to trust beside the usual ones; empty = none. */
  readonly trusted: string;
  /** Address of the DNS server to ask for the name; empty = the system's. */
  readonly dnsServer: string;
  readonly signal: AbortSignal;
}

/** Reads a JSON document over verified HTTPS. @throws what went wrong, status codes other than 200 included. */
export async function getJson(url: string, options: GetOptions): Promise<unknown> {
  const text = await get(url, options);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error("the answer is no JSON");
  }
}

function get(url: string, { trusted, dnsServer, signal }: GetOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        signal,
        ca: trusted === "" ? undefined : [...usualCertificates(), trusted],
        lookup: dnsServer === "" ? undefined : lookupAt(dnsServer),
        headers: { accept: "application/json", "user-agent": "berth-preflight" },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on("data", (chunk: Buffer) => {
          length += chunk.length;
          chunks.push(chunk);
          if (length > MOST_BYTES) outgoing.destroy(new Error("the answer is too long"));
        });
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString("utf8"));
          else reject(new Error(`status ${response.statusCode ?? 0}`));
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end();
  });
}

/** What Node trusts by itself; the first versions that berth runs on don't tell what NODE_EXTRA_CA_CERTS adds. */
function usualCertificates(
  told: { readonly getCACertificates?: (type: "default") => string[] } = tls,
): readonly string[] {
  return told.getCACertificates?.("default") ?? tls.rootCertificates;
}

function lookupAt(server: string): LookupFunction {
  const resolver = new Resolver({ timeout: 2000, tries: 4 });
  resolver.setServers([server]);
  return (name, options, callback) => {
    resolver.resolve4(name, (error, addresses) => {
      if (error !== null) callback(error, "", 4);
      else if (options.all === true) {
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        );
      } else callback(null, addresses[0] ?? "", 4);
    });
  };
}
