/** An error as AWS names and words it; each protocol has its own form for it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The error for an action that this service does not have. */
export function invalidAction(action: string): Refused {
  return new Refused(
    400,
    "InvalidAction",
    `The action ${action} is not valid for this web service.`,
  );
}
