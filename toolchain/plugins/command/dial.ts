import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { Client, ConnectConfig } from "ssh2";
import { addressOf, type Connection, type Login } from "./connection";
import { authMethods, type AuthMethod } from "./credentials";
import { HostKeyMismatch, mismatch, parseHostKey, type PinnedKey } from "./host-key";

const FIRST_PAUSE_MS = 100;
const PAUSE_FACTOR = 1.5;
const LONGEST_PAUSE_MS = 5000;
/** A peer that accepts the connection and then keeps silent counts as a failed dial after this time. */
const HANDSHAKE_TIMEOUT_MS = 60_000;
const KEEPALIVE_INTERVAL_MS = 15_000;
const KEEPALIVES_UNANSWERED = 8;

/** An open login; `close` ends it and the one to the proxy. */
export interface OpenLogin {
  client: Client;
  close: () => void;
}

interface Prepared {
  login: Login;
  methods: AuthMethod[];
  pinned: PinnedKey | undefined;
}

/** Logs in, trying again after every failed dial with growing pauses until the limit is passed. */
export async function dial(connection: Connection, signal: AbortSignal): Promise<OpenLogin> {
  const target = await prepare(connection);
  const proxy = connection.proxy === undefined ? undefined : await prepare(connection.proxy);
  const limit = connection.dialErrorLimit;
  let wait = FIRST_PAUSE_MS;
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await dialOnce(target, proxy);
    } catch (error) {
      // The official plugin goes on retrying here as well, which only hammers a wrong server.
      if (error instanceof HostKeyMismatch) throw error;
      if (limit >= 0 && failures > limit) throw afterRetries(connection, failures, error);
    }
    await pause(wait, undefined, { signal });
    wait = Math.min(wait * PAUSE_FACTOR, LONGEST_PAUSE_MS);
  }
}

async function prepare(login: Login): Promise<Prepared> {
  const pinned = login.hostKey === undefined ? undefined : parseHostKey(login.hostKey);
  return { login, methods: await authMethods(login), pinned };
}

function afterRetries(connection: Connection, dials: number, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(
    `cannot log in to ${addressOf(connection)} after ${dials} tries: ${reason} ` +
      `(connection.dialErrorLimit is ${connection.dialErrorLimit})`,
  );
}

async function dialOnce(target: Prepared, proxy: Prepared | undefined): Promise<OpenLogin> {
  if (proxy === undefined) {
    const client = await logIn(target, await openSocket(target.login));
    return { client, close: () => client.end() };
  }
  const hop = await logIn(proxy, await openSocket(proxy.login));
  try {
    const client = await logIn(target, await forward(hop, target.login));
    return {
      client,
      close: () => {
        client.end();
        hop.end();
      },
    };
  } catch (error) {
    hop.end();
    throw error;
  }
}

function openSocket(login: Login): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: login.host, port: login.port, noDelay: true });
    const late = () =>
      socket.destroy(new Error(`no TCP connection within ${login.perDialTimeout} s`));
    const timer =
      login.perDialTimeout > 0 ? setTimeout(late, login.perDialTimeout * 1000) : undefined;
    socket.once("close", () => clearTimeout(timer));
    socket.once("error", reject);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeListener("error", reject);
      resolve(socket);
    });
  });
}

function forward(hop: Client, login: Login): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    hop.forwardOut("127.0.0.1", 0, login.host, login.port, (error, channel) =>
      error === undefined ? resolve(channel) : reject(error),
    );
  });
}

async function logIn(target: Prepared, sock: Duplex): Promise<Client> {
  const { Client } = await import("ssh2");
  const client = new Client();
  const { login, pinned, methods } = target;
  let refused: HostKeyMismatch | undefined;
  const config: ConnectConfig = {
    sock: sock,
    username: login.user,
    authHandler: methods,
    readyTimeout: HANDSHAKE_TIMEOUT_MS,
    keepaliveInterval: KEEPALIVE_INTERVAL_MS,
    keepaliveCountMax: KEEPALIVES_UNANSWERED,
    hostVerifier: (shown: Buffer) => {
      if (pinned === undefined || pinned.blob.equals(shown)) return true;
      refused = mismatch(addressOf(login), pinned, shown);
      return false;
    },
  };
  // As with the official plugin only the pinned type is offered, so another type cannot be shown.
  if (pinned !== undefined) config.algorithms = { serverHostKey: [pinned.type as "ssh-ed25519"] };
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      sock.destroy();
      reject(refused ?? error);
    };
    // Not `once`: ssh2 may report a second error for the same lost connection, which nobody else would catch.
    client.on("error", fail);
    client.once("close", () =>
      fail(new Error("the server closed the connection during the login")),
    );
    client.once("ready", () => {
      client.removeAllListeners("error");
      client.removeAllListeners("close");
      // An error after the login ends the session, which reports it itself.
      client.on("error", () => undefined);
      resolve(client);
    });
    client.connect(config);
  });
}
