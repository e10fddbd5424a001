import type { State } from "../../core/state";
import type { AwsAccount } from "../../aws/account";
import type { AwsExtras } from "../account";
import type { ApiRequest } from "../http";

/** The AWS account as the API tells it. */
export type AwsHolder = AwsAccount & AwsExtras;

/** What an answer is made from. */
export interface Asked {
  readonly state: State;
  readonly account: AwsHolder;
  readonly request: ApiRequest;
  /** Region that the request was signed for. */
  readonly region: string;
  /** Parameters of a query, from its body. */
  readonly params: URLSearchParams;
}

/** Reads a numbered list of a query: `Name.1`, `Name.2` or `Name.member.1` ... */
export function listOf(params: URLSearchParams, name: string): string[] {
  const values: string[] = [];
  for (let index = 1; params.has(`${name}.${index}`); index++) {
    values.push(params.get(`${name}.${index}`) ?? "");
  }
  return values;
}

/** Reads a list of structures of a query: `Name.1.Key=...`; one entry each, with keys relative to it. */
export function structuresOf(params: URLSearchParams, name: string): URLSearchParams[] {
  const found: URLSearchParams[] = [];
  for (let index = 1; ; index++) {
    const prefix = `${name}.${index}.`;
    const own = [...params].filter(([key]) => key.startsWith(prefix));
    if (own.length === 0) return found;
    const relative = new URLSearchParams();
    for (const [key, value] of own) relative.append(key.slice(prefix.length), value);
    found.push(relative);
  }
}
