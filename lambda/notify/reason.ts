import * as z from 'zod';
import type { Failure } from './payload.ts';

/** Room for the reason in an error's message, which Step Functions keeps with the stack in 32 KiB. */
const reasonLength = 8000;

const lambdaFailure = z.object({ errorMessage: z.string().min(1) });
const trainingFailure = z.object({ FailureReason: z.string().min(1) });

/**
 * The sentence inside a cause: Lambda wraps it as `{"errorType","errorMessage","trace"}`, a training job's is its whole description,
 * with a `FailureReason`. Any other cause is its own reason.
 */
export function reasonOf(failure: Pick<Failure, 'error' | 'cause'>): string {
  const cause = failure.cause ?? '';
  const value = parsed(cause);
  const reason = lambdaFailure.safeParse(value).data?.errorMessage ?? trainingFailure.safeParse(value).data?.FailureReason ?? cause;
  const text = reason.trim() === '' ? `${failure.error} (no cause was given)` : reason.trim();
  return text.length <= reasonLength ? text : `${text.slice(0, reasonLength)} ...`;
}

function parsed(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Ends the execution with the name and the reason of what failed, instead of with an error of the notification's own. */
export function originalError(failure: Failure): Error {
  const error = new Error(reasonOf(failure));
  error.name = failure.error;
  // Lambda reports the stack beside the message; this function's own would only mislead.
  error.stack = `${failure.error}: in state ${failure.state}`;
  return error;
}
