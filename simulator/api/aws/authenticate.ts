import { awsAccount } from "../../aws/account";
import type { ApiAccount } from "../account";
import type { ApiRequest } from "../http";
import type { AwsHolder } from "./asked";
import { Refused } from "./refused";
import { isSignedWith, type Signature } from "./signature";

/** Services that have one endpoint for all regions, or one that is asked from every region. */
const GLOBAL = ["route53", "sts"];
const INVALID = "The security token included in the request is invalid.";
const NOT_VALIDATED = "AWS was not able to validate the provided access credentials";

/** Lets in who signed with the account's key, for a region that it has. @throws Refused as each service does. */
export function authenticate(
  account: ApiAccount,
  request: ApiRequest,
  signature: Signature,
  action: string,
): AwsHolder {
  const { service, region, accessKeyId } = signature;
  const aws = account.aws && { ...account.aws, ...awsAccount(account) };
  const known = aws !== undefined && aws.accessKeyId === accessKeyId;
  const here = GLOBAL.includes(service) || action === "DescribeRegions" || aws?.region === region;
  if (service === "ec2" && !(known && here)) throw new Refused(401, "AuthFailure", NOT_VALIDATED);
  if (!known || !here) {
    throw service === "servicequotas"
      ? new Refused(400, "UnrecognizedClientException", INVALID)
      : new Refused(403, "InvalidClientTokenId", INVALID);
  }
  const secret = aws.secretAccessKey;
  if (secret !== undefined && !isSignedWith(request, signature, secret)) {
    if (service === "ec2") throw new Refused(401, "AuthFailure", NOT_VALIDATED);
    const code =
      service === "servicequotas" ? "InvalidSignatureException" : "SignatureDoesNotMatch";
    throw new Refused(
      403,
      code,
      "The request signature we calculated does not match the signature you provided.",
    );
  }
  checkAllowed(aws, service, request, action);
  return aws;
}

function checkAllowed(aws: AwsHolder, service: string, request: ApiRequest, action: string): void {
  const target = String(request.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
  const name = `${service}:${action === "" ? target : action}`;
  if (aws.denied?.includes(name) !== true) return;
  const message = `User: arn:aws:iam::000000000000:user/ci is not authorized to perform: ${name}`;
  if (service === "ec2") throw new Refused(403, "UnauthorizedOperation", message);
  throw service === "servicequotas"
    ? new Refused(400, "AccessDeniedException", message)
    : new Refused(403, "AccessDenied", message);
}
