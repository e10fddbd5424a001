/** The cloud does not know the credentials, or there are none. */
export class CredentialsRefused extends Error {}

/** The credentials are right, but may not do this. */
export class NotAllowed extends Error {}

/** The cloud answered, with an error of its own. */
export class CloudError extends Error {
  constructor(
    /** The service's own name of the error, such as `not_found` or `InvalidAMIID.NotFound`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Tells whether the cloud answered with this error. */
export function isCloudError(error: unknown, ...codes: readonly string[]): error is CloudError {
  return error instanceof CloudError && codes.includes(error.code);
}
