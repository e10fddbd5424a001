/** Value of an element: text, nothing, or elements by name; a list repeats its element. */
export type XmlValue =
  string | number | boolean | undefined | null | XmlObject | readonly XmlValue[];

/** Elements by name. */
export interface XmlObject {
  readonly [name: string]: XmlValue;
}

/** Renders an element; one without a value is left out. */
export function xml(name: string, value: XmlValue, namespace?: string): string {
  if (value === undefined || value === null) return "";
  if (isList(value)) return value.map((each) => xml(name, each)).join("");
  const open = namespace === undefined ? name : `${name} xmlns="${namespace}"`;
  return `<${open}>${content(value)}</${name}>`;
}

function content(value: string | number | boolean | XmlObject): string {
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, each]) => xml(name, each))
      .join("");
  }
  return String(value).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}
