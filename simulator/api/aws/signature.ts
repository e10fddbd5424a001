import { createHash, createHmac } from "node:crypto";
import type { ApiRequest } from "../http";

/** What a signed request says of itself. */
export interface Signature {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  /** Name that the service signs with, such as `ec2`. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly value: string;
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Reads the header of a signed request (Signature Version 4); undefined when it is not signed so. */
export function signatureOf(request: ApiRequest): Signature | undefined {
  const match = FORM.exec(request.headers.authorization ?? "");
  if (match === null) return undefined;
  const [, accessKeyId = "", date = "", region = "", service = "", headers = "", value = ""] =
    match;
  return { accessKeyId, date, region, service, signedHeaders: headers.split(";"), value };
}

/** Tells whether the request was signed with the secret. */
export function isSignedWith(request: ApiRequest, signature: Signature, secret: string): boolean {
  const { date, region, service, signedHeaders, value } = signature;
  const header = (name: string): string => String(request.headers[name] ?? "").trim();
  const canonical = [
    request.method,
    request.path.split("/").map(encode).join("/"),
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${header(name)}`),
    "",
    signedHeaders.join(";"),
    header("x-amz-content-sha256") || sha256(request.body),
  ].join("\n");
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", header("x-amz-date"), scope, sha256(canonical)].join("\n");
  const key = [date, region, service, "aws4_request"].reduce<Buffer | string>(
    (previous, part) => createHmac("sha256", previous).update(part).digest(),
    `AWS4${secret}`,
  );
  return createHmac("sha256", key).update(text).digest("hex") === value;
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
