import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "./values";

/** Reads properties off the wire; a missing message is an empty set. */
export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** Puts properties on the wire. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties);
}
