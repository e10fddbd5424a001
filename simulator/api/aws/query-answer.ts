import { randomUUID } from "node:crypto";
import type { ApiAnswer } from "../http";
import { xml, type XmlObject } from "./xml";

/** Renders an answer of the query protocol (STS, RDS). */
export function queryAnswer(namespace: string, action: string, result: XmlObject): ApiAnswer {
  const body = xml(
    `${action}Response`,
    { [`${action}Result`]: result, ResponseMetadata: { RequestId: randomUUID() } },
    namespace,
  );
  return { status: 200, type: "text/xml", body };
}
