/** A task's failure with the error name that Retry and Catch match. */
export class TaskFailure extends Error {
  readonly error: string;
  override readonly cause: string | undefined;

  /**
   * @param error the error name, such as `Lambda.TooManyRequestsException` or a handler's own error class
   * @param cause the cause's text; for a Lambda function's error the JSON of its error object
   */
  constructor(error: string, cause?: string) {
    super(cause ?? error);
    this.name = 'TaskFailure';
    this.error = error;
    this.cause = cause;
  }
}

/** An error that the interpreter itself raises, such as `States.Runtime` or `States.Timeout`. */
export class StatesError extends TaskFailure {
  /** The field of the state that could not be evaluated, for EvaluationFailed. */
  readonly location: string | undefined;

  /**
   * @param error the name, `States.` and what it is
   * @param cause what happened, for a person
   * @param location the state's field, where one is at fault
   */
  constructor(error: `States.${string}`, cause: string, location?: string) {
    super(error, cause);
    this.name = 'StatesError';
    this.location = location;
  }
}

/** A state machine definition that cannot run, with everything that is wrong in it. */
export class DefinitionError extends Error {
  readonly problems: readonly DefinitionProblem[];

  /** @param problems what is wrong, at least one */
  constructor(problems: readonly DefinitionProblem[]) {
    super(problems.map(({ path, message }) => `${message} at ${path}`).join('; '));
    this.name = 'DefinitionError';
    this.problems = problems;
  }
}

/** One thing wrong in a definition. */
export interface DefinitionProblem {
  /** A JSON pointer such as `/States/Train/Retry/0/IntervalSeconds`. */
  readonly path: string;
  readonly message: string;
  /** The definition asks for something that AWS has and this interpreter does not. */
  readonly notImplemented?: boolean;
}
