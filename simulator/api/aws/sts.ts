import type { ApiAnswer } from "../http";
import type { Asked } from "./asked";
import { queryAnswer } from "./query-answer";
import { invalidAction } from "./refused";

/** Answers as the Security Token Service. */
export function answerSts({ account, params }: Asked): ApiAnswer {
  const action = params.get("Action") ?? "";
  if (action !== "GetCallerIdentity") throw invalidAction(action);
  const id = account.accountId;
  return queryAnswer("https://sts.amazonaws.com/doc/2011-06-15/", action, {
    Arn: `arn:aws:iam::${id}:user/berth`,
    UserId: "AIDAEXAMPLE",
    Account: id,
  });
}
