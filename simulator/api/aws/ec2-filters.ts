import { listOf, structuresOf } from "./asked";
import { Refused } from "./refused";

/** What a filter can look at: values by the filter's name; tags under `tag:<key>`. */
export type Traits = Readonly<Record<string, string>>;

/** Tells whether a thing passes every filter of a query. @throws Refused for a filter that the things do not have. */
export function passesFilters(
  params: URLSearchParams,
  traits: Traits,
  known: readonly string[],
): boolean {
  return structuresOf(params, "Filter").every((filter) => {
    const name = filter.get("Name") ?? "";
    if (!known.includes(name) && !name.startsWith("tag:")) {
      throw new Refused(400, "InvalidParameterValue", `The filter '${name}' is invalid`);
    }
    return listOf(filter, "Value").includes(traits[name] ?? "");
  });
}
