import type { Properties, Value } from "../provider/values";

/** How to log in to one host, as checked against the table. */
export interface Login {
  host: string;
  port: number;
  user: string;
  password?: string;
  privateKey?: string;
  privateKeyPassword?: string;
  agentSocketPath?: string;
  hostKey?: string;
  /** Failed dials before giving up; -1 never gives up. */
  dialErrorLimit: number;
  /** Seconds for one TCP connection; 0 waits for ever. */
  perDialTimeout: number;
}

/** A login, by way of another host if `proxy` is given. */
export interface Connection extends Login {
  proxy?: Login;
}

/** Reads a checked `connection` argument. */
export function readConnection(value: Value | undefined): Connection {
  const given = value as Properties;
  const proxy = given["proxy"] as Properties | undefined;
  return proxy === undefined ? readLogin(given) : { ...readLogin(given), proxy: readLogin(proxy) };
}

// A state written without the defaults, as by an older SDK, still has to be deletable.
function readLogin(given: Properties): Login {
  return {
    port: 22,
    user: "root",
    dialErrorLimit: 10,
    perDialTimeout: 15,
    ...(given as unknown as Pick<Login, "host">),
  };
}

/** The address as people write it. */
export function addressOf(login: Login): string {
  const host = login.host.includes(":") ? `[${login.host}]` : login.host;
  return `${login.user}@${host}:${login.port}`;
}
