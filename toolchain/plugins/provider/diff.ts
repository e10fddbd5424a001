import type { ResourceTable } from "./schema";
import { holdsUnknown, isArchive, isAsset, isObject, type Properties, type Value } from "./values";

/** How one part of the arguments differs. */
export interface Change {
  /** Path of the part, as `connection.host` or `triggers[0]`. */
  path: string;
  /** The argument the part belongs to. */
  property: string;
  kind: "add" | "delete" | "update";
  /** The resource has to be replaced for it. */
  replaces: boolean;
}

/** All differences between the arguments of the last run and the new ones, secret marks left aside. */
export function diffInputs(
  resource: ResourceTable,
  olds: Properties,
  news: Properties,
  ignored: string[],
): Change[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  return names
    .filter((name) => resource.inputs[name] !== undefined && !ignored.includes(name))
    .flatMap((name) => {
      const replaces = resource.inputs[name]?.replaces ?? false;
      return compare(olds[name], news[name], name).map((part) => ({
        ...part,
        property: name,
        replaces,
      }));
    });
}

type Part = Pick<Change, "path" | "kind">;

function compare(before: Value | undefined, after: Value | undefined, path: string): Part[] {
  if (after === undefined) return before === undefined ? [] : [{ path, kind: "delete" }];
  if (before === undefined) return [{ path, kind: "add" }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) =>
      compare(before[index], after[index], `${path}[${index}]`),
    ).flat();
  }
  if (isAsset(before) || isArchive(before) || isAsset(after) || isArchive(after)) {
    return sameContent(before, after) ? [] : [{ path, kind: "update" }];
  }
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) => compare(before[key], after[key], `${path}${step(key)}`));
  }
  return before === after && !holdsUnknown(after) ? [] : [{ path, kind: "update" }];
}

function sameContent(before: Value, after: Value): boolean {
  if (!isObject(before) || !isObject(after)) return false;
  return isAsset(before) === isAsset(after) && before["hash"] === after["hash"];
}

function step(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
