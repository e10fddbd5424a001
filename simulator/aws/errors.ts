import { uuid } from "../core/ids";

/** A refusal in the words of the AWS SDK. */
export class AwsError extends Error {
  constructor(
    /** AWS's name of the error, as `InvalidAMIID.NotFound`. */
    readonly code: string,
    /** What came back: operation, status, request, code and message. */
    readonly answer: string,
    /** What the provider was doing, as `creating EC2 VPC`; "" when not known yet. */
    doing = "",
  ) {
    super(doing === "" ? answer : `${doing}: ${answer}`);
  }

  /** The same refusal with what the provider was doing in front. */
  while(doing: string): AwsError {
    return new AwsError(this.code, this.answer, doing);
  }
}

/** Makes the refusal of an API call, such as `refuse("EC2", "RunInstances", "InvalidAMIID.NotFound", ...)`. */
export function refuse(
  service: string,
  operation: string,
  code: string,
  message: string,
  status = 400,
): AwsError {
  return new AwsError(
    code,
    `operation error ${service}: ${operation}, https response error StatusCode: ${status}, ` +
      `RequestID: ${uuid()}, api error ${code}: ${message}`,
  );
}
