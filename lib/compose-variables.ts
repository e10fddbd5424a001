import type { ComposeService } from "./application-types";
import { mapOf } from "./finding";

/** A variable that a text of a Compose file names. */
export interface VariableReference {
  readonly name: string;
  /** Whether the text says what to do where it is not set, other than to fail: `${NAME:-default}`, `${NAME:+other}`. */
  readonly optional: boolean;
  /** Variables in whose default it stands, so that it counts only where these are not set. */
  readonly defaultOf: readonly string[];
}

// `$$` is a dollar sign; a closing brace ends what the innermost operator began.
const TOKEN = /\$\$|\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(?:(:?[-?+])|\})|\}/g;

/**
 * Finds the variables that a text names, in their order.
 *
 * @see https://docs.docker.com/reference/compose-file/interpolation/
 */
export function variablesOfText(text: string): VariableReference[] {
  const found: VariableReference[] = [];
  const open: { readonly name: string; readonly operator: string }[] = [];
  for (const [token, bare, braced, operator] of text.matchAll(TOKEN)) {
    if (token === "}") open.pop();
    const name = bare ?? braced;
    if (name === undefined) continue;
    found.push({
      name,
      optional: operator !== undefined && !operator.endsWith("?"),
      defaultOf: open.filter((one) => one.operator.endsWith("-")).map((one) => one.name),
    });
    if (operator !== undefined) open.push({ name, operator });
  }
  return found;
}

/**
 * Finds the variables that a service names, with the path of the text below the service. One that `environment` takes
 * over by its name alone is optional: Compose leaves it out where it is not set.
 *
 * @param without keys of the service that do not count
 */
export function variablesOfService(
  service: ComposeService,
  without: readonly string[] = [],
): (VariableReference & { readonly path: string })[] {
  const { environment } = service;
  const takenOver = Array.isArray(environment)
    ? environment.filter((one: unknown) => typeof one === "string" && !one.includes("="))
    : Object.entries(environment ?? {})
        .filter(([, value]) => value === null)
        .map(([name]) => name);
  const texts = Object.entries(service)
    .filter(([key]) => !without.includes(key) && !key.startsWith("x-"))
    .flatMap(([key, value]) => [...textsOf(value, key)]);
  return [
    ...takenOver.map((name: string) => ({
      path: `environment.${name}`,
      name,
      optional: true,
      defaultOf: [],
    })),
    ...texts.flatMap(([path, text]) => variablesOfText(text).map((one) => ({ ...one, path }))),
  ];
}

/** Visits each text of a value, however deep, with its path. */
function* textsOf(value: unknown, path: string): Generator<[path: string, text: string]> {
  if (typeof value === "string") yield [path, value];
  else if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) yield* textsOf(one, `${path}[${index}]`);
  } else {
    for (const [key, one] of Object.entries(mapOf(value))) yield* textsOf(one, `${path}.${key}`);
  }
}
