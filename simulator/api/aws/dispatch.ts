import { randomUUID } from "node:crypto";
import type { State } from "../../core/state";
import type { ApiAccount } from "../account";
import { json, type ApiAnswer, type ApiRequest } from "../http";
import type { Asked } from "./asked";
import { authenticate } from "./authenticate";
import { answerEc2, refuseEc2 } from "./ec2";
import { answerQuotas } from "./quotas";
import { answerRds } from "./rds";
import { Refused } from "./refused";
import { answerRoute53 } from "./route53";
import { answerSts } from "./sts";
import { signatureOf } from "./signature";
import { xml } from "./xml";

/** Form of a service's errors. */
type Refuse = (error: Refused) => ApiAnswer;

interface Service {
  readonly answer: (asked: Asked) => ApiAnswer | Promise<ApiAnswer>;
  readonly refuse: Refuse;
}

const SERVICES: Readonly<Record<string, Service>> = {
  ec2: { answer: answerEc2, refuse: refuseEc2 },
  rds: { answer: answerRds, refuse: refuseQuery },
  route53: { answer: answerRoute53, refuse: refuseQuery },
  servicequotas: { answer: answerQuotas, refuse: refuseJson },
  sts: { answer: answerSts, refuse: refuseQuery },
};

/** Tells whether a request is for AWS: signed as its SDK does, or in a form that only AWS has. */
export function speaksAws(request: ApiRequest): boolean {
  return (
    signatureOf(request) !== undefined ||
    request.headers["x-amz-target"] !== undefined ||
    request.path.startsWith("/2013-04-01/") ||
    (request.path === "/" && request.method === "POST")
  );
}

/** Answers as the AWS service does that the request was signed for. */
export async function answerAws(
  state: State,
  account: ApiAccount,
  request: ApiRequest,
): Promise<ApiAnswer> {
  const signature = signatureOf(request);
  const service = SERVICES[signature?.service ?? ""];
  if (signature === undefined || service === undefined) {
    return refuseQuery(
      new Refused(403, "MissingAuthenticationToken", "Missing Authentication Token"),
    );
  }
  const params = new URLSearchParams(request.body);
  try {
    const holder = authenticate(account, request, signature, params.get("Action") ?? "");
    return await service.answer({
      state,
      account: holder,
      request,
      region: signature.region,
      params,
    });
  } catch (error) {
    if (error instanceof Refused) return service.refuse(error);
    throw error;
  }
}

function refuseQuery(error: Refused): ApiAnswer {
  const body = xml("ErrorResponse", {
    Error: { Type: "Sender", Code: error.code, Message: error.message },
    RequestId: randomUUID(),
  });
  return { status: error.status, type: "text/xml", body };
}

function refuseJson(error: Refused): ApiAnswer {
  return json(error.status, { __type: error.code, message: error.message });
}
