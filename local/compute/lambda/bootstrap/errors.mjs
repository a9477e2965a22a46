/** An error of the runtime itself, with the name that Lambda gives it. */
export class NamedError extends Error {
  /** @param {string} name @param {string} message @param {unknown} [cause] */
  constructor(name, message, cause) {
    super(message, { cause });
    this.name = name;
  }
}

/**
 * What Lambda answers as the payload of a failed invocation.
 * @param {unknown} error
 */
export function describeError(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}
