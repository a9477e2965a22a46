import * as z from 'zod';

/** Room for the reason in an error's message, which Step Functions keeps with the stack in 32 KiB. */
const reasonLength = 8000;

/** Executions within executions whose reason is looked for. */
const deepest = 5;

const lambdaFailure = z.object({ errorMessage: z.string().min(1) });
const trainingFailure = z.object({ FailureReason: z.string().min(1) });
const executionFailure = z.object({ ExecutionArn: z.string(), Status: z.string(), Error: z.string().optional(), Cause: z.string().optional() });

/** An error as a Catch keeps it. */
export interface CaughtError {
  readonly error: string;
  readonly cause?: string | null | undefined;
}

/**
 * The sentence inside a cause: Lambda wraps it as `{"errorType","errorMessage","trace"}`, a training job's is its whole description, with a `FailureReason`; that of an
 * execution within this one is its description, with an error and a cause of its own. Any other cause is its own reason.
 */
export function reasonOf(failure: CaughtError): string {
  const { error, cause } = innermost(failure);
  const value = parsed(cause ?? '');
  const reason = lambdaFailure.safeParse(value).data?.errorMessage ?? trainingFailure.safeParse(value).data?.FailureReason ?? cause ?? '';
  const text = reason.trim() === '' ? `${error} (no cause was given)` : reason.trim();
  return text.length <= reasonLength ? text : `${text.slice(0, reasonLength)} ...`;
}

/** The error of the execution within, where one failed that was waited for: `States.TaskFailed` says nothing. */
export function innermost(failure: CaughtError, depth = 0): CaughtError {
  const inner = executionFailure.safeParse(parsed(failure.cause ?? '')).data;
  if (inner === undefined || depth === deepest) return failure;
  const ended = { error: inner.Error ?? `Execution${inner.Status.charAt(0)}${inner.Status.slice(1).toLowerCase()}`, cause: inner.Cause ?? `The execution ${inner.ExecutionArn} ended as ${inner.Status}.` };
  return innermost(ended, depth + 1);
}

function parsed(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
