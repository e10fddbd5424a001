/** A property as it travels between engine and plugin: plain JSON in which secrets, assets and archives are marked objects. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** The properties of one resource by name. */
export type Properties = Record<string, Value>;

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** What a value is called in a preview when only the update will know it. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** True for a JSON object, marked or not. */
export function isObject(value: Value | undefined): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasSignature(value: Value | undefined, signature: string): boolean {
  return isObject(value) && value[SIGNATURE] === signature;
}

/** True for a file or a text handed over as an asset. */
export function isAsset(value: Value | undefined): value is { [key: string]: Value } {
  return hasSignature(value, ASSET);
}

/** True for a folder or a packed file handed over as an archive. */
export function isArchive(value: Value | undefined): value is { [key: string]: Value } {
  return hasSignature(value, ARCHIVE);
}

/** An asset made of the file at `path`. */
export function fileAsset(path: string, hash: string): Value {
  return { [SIGNATURE]: ASSET, path, hash };
}

/** An archive made of named assets. */
export function assetArchive(assets: Properties, hash: string): Value {
  return { [SIGNATURE]: ARCHIVE, assets, hash };
}

/** Marks a value secret; a marked one stays as it is. */
export function secret(value: Value): Value {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** True for a value marked secret at its top. */
export function isSecret(
  value: Value | undefined,
): value is { [key: string]: Value; value: Value } {
  return hasSignature(value, SECRET);
}

/** The value without any secret mark in it, at any depth. */
export function reveal(value: Value): Value {
  if (Array.isArray(value)) return value.map(reveal);
  if (!isObject(value)) return value;
  if (isSecret(value)) return reveal(value.value ?? null);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reveal(item)]));
}

/** All properties of a resource without secret marks and without nulls, which mean "not given". */
export function revealAll(properties: Properties): Properties {
  const given = Object.entries(properties).map(([name, item]) => [name, reveal(item)] as const);
  return Object.fromEntries(given.filter(([, item]) => item !== null));
}

/** True when the value, or a part of it, is not known yet. */
export function holdsUnknown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}

/** Every string inside a part that is marked secret. */
export function secretStrings(value: Value, inSecret = false): string[] {
  if (typeof value === "string") return inSecret ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretStrings(item, inSecret));
  if (!isObject(value)) return [];
  if (isSecret(value)) return secretStrings(value.value ?? null, true);
  return Object.values(value).flatMap((item) => secretStrings(item, inSecret));
}
