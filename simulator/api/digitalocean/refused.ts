/** An error as the API words it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
  ) {
    super(message);
  }
}

/** The error for what is not there. */
export function notFound(): Refused {
  return new Refused(404, "not_found", "The resource you were accessing could not be found.");
}

/** The error for a body that can't be used. */
export function unprocessable(message: string): Refused {
  return new Refused(422, "unprocessable_entity", message);
}
