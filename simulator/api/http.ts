import type { IncomingHttpHeaders } from "node:http";

/** A request as the answers are made from it. */
export interface ApiRequest {
  readonly method: string;
  /** Path as it was sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Address that the request came from. */
  readonly peer: string;
}

/** An answer. */
export interface ApiAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Renders an answer in JSON. */
export function json(status: number, body: unknown): ApiAnswer {
  return { status, type: "application/json", body: body === undefined ? "" : JSON.stringify(body) };
}
