import { setTimeout as pause } from "node:timers/promises";
import { CloudError, CredentialsRefused, NotAllowed } from "./errors";

/** Where the API is, unless DIGITALOCEAN_API_URL says otherwise. */
export const DIGITALOCEAN_API = "https://api.digitalocean.com";

const PAGE = 200;
const ATTEMPTS = 3;

type Method = "GET" | "POST" | "DELETE";

/** A client of DigitalOcean's REST API (v2). The token travels in the header alone and is in no error. */
export class DigitalOceanClient {
  private readonly base: string;

  /** @param signal ends every request that is under way */
  constructor(
    private readonly token: string,
    baseUrl: string,
    private readonly signal: AbortSignal,
  ) {
    this.base = baseUrl.replace(/\/+$/, "");
  }

  /** Reads one object. @throws CredentialsRefused, NotAllowed, or CloudError with the API's own id. */
  async get<T>(path: string): Promise<T> {
    return (await this.request("GET", path)) as T;
  }

  /** Reads every page of a list, whose entries stand under `key`. @throws as {@link get}. */
  async list<T>(path: string, key: string): Promise<T[]> {
    const entries: T[] = [];
    for (let page = 1; ; page++) {
      const join = path.includes("?") ? "&" : "?";
      const answer = await this.get<Record<string, unknown>>(
        `${path}${join}per_page=${PAGE}&page=${page}`,
      );
      entries.push(...((answer[key] ?? []) as T[]));
      const links = answer["links"] as { pages?: { next?: string } } | undefined;
      if (links?.pages?.next === undefined) return entries;
    }
  }

  /** Counts what a list holds without reading it all. @throws as {@link get}. */
  async count(path: string): Promise<number> {
    const answer = await this.get<{ meta: { total: number } }>(`${path}?per_page=1`);
    return answer.meta.total;
  }

  /** Makes an object. @throws as {@link get}. */
  async post<T>(path: string, body: unknown): Promise<T> {
    return (await this.request("POST", path, body)) as T;
  }

  /** Removes an object; one that is gone already is fine. @throws as {@link get}. */
  async delete(path: string): Promise<void> {
    try {
      await this.request("DELETE", path);
    } catch (error) {
      if (!(error instanceof CloudError && error.code === "not_found")) throw error;
    }
  }

  private async request(method: Method, path: string, body?: unknown): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      let response: Response;
      try {
        response = await fetch(`${this.base}${path}`, {
          method,
          headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
          body: body === undefined ? undefined : JSON.stringify(body),
          signal: this.signal,
        });
      } catch (error) {
        // A POST whose answer got lost may have made its thing; asking again would make another.
        if (this.signal.aborted || method === "POST" || attempt >= ATTEMPTS) {
          throw new Error(`${this.base} does not answer (${reasonOf(error)})`, { cause: error });
        }
        await pause(attempt * 500);
        continue;
      }
      const passing = response.status === 429 || (response.status >= 500 && method !== "POST");
      if (passing && attempt < ATTEMPTS) {
        await response.body?.cancel();
        await pause(attempt * 500);
        continue;
      }
      return read(response, method, path);
    }
  }
}

async function read(response: Response, method: Method, path: string): Promise<unknown> {
  const text = await response.text();
  const body = parse(text);
  if (response.ok) return body;
  const message = body.message ?? `status ${response.status}`;
  if (response.status === 401) throw new CredentialsRefused(message);
  if (response.status === 403) throw new NotAllowed(`${method} ${path}: ${message}`);
  const code = response.status === 404 ? "not_found" : (body.id ?? `status_${response.status}`);
  throw new CloudError(code, `${method} ${path}: ${message}`);
}

function parse(text: string): { id?: string; message?: string } {
  if (text === "") return {};
  try {
    return JSON.parse(text) as { id?: string; message?: string };
  } catch {
    return { message: "the answer is no JSON" };
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
