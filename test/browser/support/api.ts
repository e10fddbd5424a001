import assert from "node:assert/strict";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { site } from "./site";

/** What a battery sends; everything may be left out. */
export interface Report {
  readonly recorded_at?: string;
  readonly state_of_charge?: number;
  readonly voltage?: number;
  readonly current?: number;
  readonly temperature?: number;
  readonly err?: string;
}

/** A battery that was added, with the token that it reports with. */
export interface Battery {
  readonly id: number;
  readonly name: string;
  readonly token: string;
}

let adminToken: Promise<string> | undefined;

/** Calls the API as the admin, or with another token. @throws when it refuses */
export async function call<Answer>(
  method: string,
  path: string,
  body?: object,
  token?: string,
): Promise<Answer> {
  const { urls, authority } = await site();
  const url = new URL(urls.api + path);
  const send = url.protocol === "https:" ? requestSecure : requestPlain;
  const { status, text } = await new Promise<{ status: number; text: string }>(
    (resolve, reject) => {
      const options = {
        method,
        host: "127.0.0.1",
        port: url.port === "" ? 443 : Number(url.port),
        path: url.pathname + url.search,
        headers: {
          host: url.host,
          "content-type": "application/json",
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        servername: url.hostname,
        ca: authority,
      };
      send(options, (response) => {
        let received = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (received += part));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: received }));
      })
        .on("error", reject)
        .end(body === undefined ? undefined : JSON.stringify(body));
    },
  );
  assert.ok(status >= 200 && status < 300, `${method} ${path}: ${status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

/** Calls the API as the admin. */
export async function asAdmin<Answer>(
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const { adminPassword } = await site();
  adminToken ??= call<{ access_token: string }>("POST", "/auth/login", {
    username: "admin",
    password: adminPassword,
  }).then((answer) => answer.access_token);
  return call(method, path, body, await adminToken);
}

/** Hubs with batteries, removed at the end of the file that made them. */
export class Fleet {
  readonly #hubs = new Map<string, number>();

  /** Adds a battery, and its hub where it is new. */
  async add(hub: string, name: string): Promise<Battery> {
    const hubId = this.#hubs.get(hub) ?? (await this.#addHub(hub));
    const made = await asAdmin<{ id: number; battery_secret: string }>("POST", "/batteries", {
      hub_id: hubId,
      name,
    });
    return { id: made.id, name, token: await batteryToken(made.id, made.battery_secret) };
  }

  async #addHub(name: string): Promise<number> {
    const { id } = await asAdmin<{ id: number }>("POST", "/hubs", { name });
    this.#hubs.set(name, id);
    return id;
  }

  /** Removes the hubs with all that belongs to them; also those that a page made, by name. */
  async remove(...names: string[]): Promise<void> {
    const all = await asAdmin<{ id: number; name: string }[]>("GET", "/hubs");
    const ids = all.filter((hub) => names.includes(hub.name)).map((hub) => hub.id);
    for (const id of new Set([...this.#hubs.values(), ...ids])) {
      await asAdmin("DELETE", `/hubs/${id}`);
    }
    this.#hubs.clear();
  }
}

/** Logs a battery in. */
export async function batteryToken(id: number, secret: string): Promise<string> {
  const login = { battery_id: id, battery_secret: secret };
  return (await call<{ access_token: string }>("POST", "/auth/battery-login", login)).access_token;
}

/** Sends a report as the battery. */
export async function report(battery: Battery, values: Report): Promise<void> {
  await call("POST", "/webhook/live-data", values, battery.token);
}

/** The time some minutes ago, as reports write it. */
export function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}
