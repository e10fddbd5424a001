import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type { State } from "../core/state";
import { readApiAccount } from "./account";
import { answerAws, speaksAws } from "./aws/dispatch";
import { answerDigitalOcean } from "./digitalocean/dispatch";
import { json, type ApiAnswer, type ApiRequest } from "./http";

/** Makes the server of both clouds' APIs; it serves what the state's folder holds at the time of each request. */
export function apiServer(state: State): Server {
  const server = createServer((incoming, outgoing) => {
    void answer(state, incoming)
      .catch((error: unknown) =>
        json(500, { id: "server_error", message: error instanceof Error ? error.message : "" }),
      )
      .then(({ status, type, body }) => {
        outgoing.writeHead(status, { "content-type": type });
        outgoing.end(body);
      });
  });
  // Closed when idle, a connection could end just when a client that was paused uses it again.
  server.keepAliveTimeout = 0;
  return server;
}

async function answer(state: State, incoming: IncomingMessage): Promise<ApiAnswer> {
  const url = new URL(incoming.url ?? "/", "http://api");
  const request: ApiRequest = {
    method: incoming.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: await text(incoming),
    peer: (incoming.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
  };
  const account = readApiAccount(state);
  if (request.method === "GET" && request.path === "/checkip") {
    return { status: 200, type: "text/plain", body: `${account.callerAddress ?? request.peer}\n` };
  }
  if (speaksAws(request)) return answerAws(state, account, request);
  return answerDigitalOcean(state, account, request);
}
