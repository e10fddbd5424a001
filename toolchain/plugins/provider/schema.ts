/** One argument or output in a plugin's table. */
export interface Field {
  /** `string`, `integer`, `number`, `boolean`, `Any`, `Asset`, `Archive`, `AssetOrArchive`, `T[]`, `map<T>`, or a name under `types`. */
  type: string;
  /** A resource without it is refused. */
  required?: boolean;
  /** A change of it replaces the resource. */
  replaces?: boolean;
  /** Always kept encrypted in the state. */
  secret?: boolean;
  /** Used when the argument is not given. */
  default?: string | number | boolean;
}

/** A named type: an object with fields, or a list of allowed words. */
export type NamedType =
  { fields: Record<string, Field>; enum?: never } | { enum: string[]; fields?: never };

/** Arguments, and outputs that are no arguments, of one resource type. */
export interface ResourceTable {
  inputs: Record<string, Field>;
  outputs: Record<string, Field>;
}

/** What a plugin knows about its resource types: the content of a file in `schema/`. */
export interface PluginTable {
  name: string;
  version: string;
  types: Record<string, NamedType>;
  /** Settings of the provider itself. Default: it has none. */
  config?: Record<string, Field>;
  resources: Record<string, ResourceTable>;
}
