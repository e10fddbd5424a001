import { request } from "node:https";
import type { PeerCertificate, TLSSocket } from "node:tls";

/** An answer over HTTPS, with the certificate that was shown. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly certificate: PeerCertificate;
}

/** Fetches a URL from 127.0.0.1, whatever its name resolves to, trusting one authority only. */
export function fetchLocally(
  url: string,
  authority: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return fetchFrom("127.0.0.1", url, authority, headers);
}

/** Fetches a URL from an address, whatever its name resolves to, trusting one authority only. */
export function fetchFrom(
  address: string,
  url: string,
  authority: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const { hostname, port, pathname, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: address,
        port: port === "" ? 443 : Number(port),
        path: pathname,
        servername: hostname,
        headers: { host, ...headers },
        ca: authority,
        agent: false,
        timeout: 60_000,
      },
      (response) => {
        const socket = response.socket as unknown as Pick<TLSSocket, "getPeerCertificate">;
        const certificate = socket.getPeerCertificate();
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => (body += text));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body,
            certificate,
          }),
        );
      },
    );
    call.on("timeout", () => call.destroy(new Error(`${url} did not answer within 60 s`)));
    call.on("error", reject);
    call.end();
  });
}
