import { CloudError, CredentialsRefused, NotAllowed } from "./errors";

const REFUSED = [
  "AuthFailure",
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "RequestExpired",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
];
const FORBIDDEN = ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"];

/** Asks AWS, and turns its errors into ours. @throws CredentialsRefused, NotAllowed, CloudError, or Error when nothing answers. */
export async function ask<T>(action: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (REFUSED.includes(error.name)) throw new CredentialsRefused(`${action}: ${error.message}`);
    // The message of a refusal may hold an encoded dump of the request; the name says enough.
    if (FORBIDDEN.includes(error.name)) throw new NotAllowed(action);
    if ("$fault" in error) throw new CloudError(error.name, `${action}: ${error.message}`);
    throw new Error(`${action}: no answer (${error.message})`, { cause: error });
  }
}
