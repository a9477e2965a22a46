/** A state's failure with the error name that Retry and Catch match. */
export class TaskFailure extends Error {
  /** Undefined only for a Fail state that names none. */
  readonly error: string | undefined;
  override readonly cause: string | undefined;

  /**
   * @param error the error name, such as `Lambda.TooManyRequestsException` or a handler's own error class
   * @param cause the cause's text; for a Lambda function's error the JSON of its error object
   */
  constructor(error: string | undefined, cause?: string) {
    super(cause ?? error ?? 'The state failed without a name or cause.');
    this.name = 'TaskFailure';
    this.error = error;
    this.cause = cause;
  }
}

/** How far Retry and Catch reach: `byName` means that the wildcards do not match it. */
export type Reach = 'catchable' | 'byName' | 'never';

/** An error that the interpreter itself raises, such as `States.Timeout`. */
export class StatesError extends TaskFailure {
  readonly reach: Reach;

  /**
   * @param error the name, `States.` and what it is
   * @param cause what happened, for a person
   * @param reach who may catch it
   */
  constructor(error: `States.${string}`, cause?: string, reach: Reach = 'catchable') {
    super(error, cause);
    this.name = 'StatesError';
    this.reach = reach;
  }
}

/** A field that cannot be evaluated. The state in which it happened prefixes its own name and entry. */
export class EvaluationError extends StatesError {
  /** The field, such as `Arguments/Bucket`. */
  readonly location: string | undefined;

  /**
   * @param error the name
   * @param cause what happened
   * @param location the field, where one is at fault
   */
  constructor(error: `States.${string}`, cause: string, location?: string) {
    super(error, cause, error === 'States.Runtime' ? 'never' : 'catchable');
    this.name = 'EvaluationError';
    this.location = location;
  }
}

/** `States.Runtime`: nothing catches it. */
export function runtimeError(cause: string): EvaluationError {
  return new EvaluationError('States.Runtime', cause);
}

/** `States.QueryEvaluationError`: a JSONata expression, or what it answered, is wrong. */
export function queryError(cause: string, location?: string): EvaluationError {
  return new EvaluationError('States.QueryEvaluationError', cause, location);
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
