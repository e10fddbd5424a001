import type { State } from "../../core/state";
import type { ApiAccount } from "../account";
import { json, type ApiAnswer, type ApiRequest } from "../http";
import { notFound, Refused, unprocessable } from "./refused";
import { ROUTES, type Route } from "./routes";

const MOST_PER_PAGE = 200;
const USUAL_PER_PAGE = 20;

/** Answers as DigitalOcean's API (v2) does; a path or method it does not know is not found. */
export async function answerDigitalOcean(
  state: State,
  account: ApiAccount,
  request: ApiRequest,
): Promise<ApiAnswer> {
  try {
    return await route(state, account, request);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return json(error.status, { id: error.id, message: error.message });
  }
}

async function route(state: State, account: ApiAccount, request: ApiRequest): Promise<ApiAnswer> {
  const { digitalocean } = account;
  if (
    digitalocean === undefined ||
    request.headers.authorization !== `Bearer ${digitalocean.token}`
  ) {
    throw new Refused(401, "Unauthorized", "Unable to authenticate you");
  }
  for (const candidate of ROUTES) {
    const match = candidate.path.exec(request.path);
    if (match === null || candidate.method !== request.method) continue;
    checkScope(candidate, digitalocean.scopes);
    const id = decodeURIComponent(match[1] ?? "");
    const result = await candidate.answer({ state, account: digitalocean, request, id });
    if (candidate.list === undefined) return json(candidate.status ?? 200, result);
    return json(200, page(candidate.list, result as unknown[], request));
  }
  throw notFound();
}

function checkScope(route: Route, scopes: readonly string[] | undefined): void {
  if (scopes === undefined || scopes.includes(route.scope)) return;
  throw new Refused(403, "Forbidden", "You are not authorized to perform this operation");
}

function page(key: string, all: readonly unknown[], request: ApiRequest): unknown {
  const per = wholeNumber(request.query.get("per_page"), USUAL_PER_PAGE);
  const number = wholeNumber(request.query.get("page"), 1);
  if (per > MOST_PER_PAGE) {
    throw unprocessable(`per_page must be at most ${MOST_PER_PAGE}`);
  }
  const pages = Math.ceil(all.length / per);
  const next = new URLSearchParams(request.query);
  next.set("page", String(number + 1));
  const address = `http://${request.headers.host ?? ""}${request.path}?${next.toString()}`;
  return {
    [key]: all.slice((number - 1) * per, number * per),
    links: number < pages ? { pages: { next: address } } : {},
    meta: { total: all.length },
  };
}

function wholeNumber(text: string | null, otherwise: number): number {
  const number = text === null ? otherwise : Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw unprocessable("page and per_page must be whole numbers from 1");
  }
  return number;
}
