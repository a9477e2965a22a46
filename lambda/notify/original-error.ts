import { reasonOf } from '../shared/reason.ts';
import type { Failure } from './payload.ts';

/** Ends the execution with the name and the reason of what failed, instead of with an error of the notification's own. */
export function originalError(failure: Failure): Error {
  const error = new Error(reasonOf(failure));
  error.name = failure.error;
  // Lambda reports the stack beside the message; this function's own would only mislead.
  error.stack = `${failure.error}: in state ${failure.state}`;
  return error;
}
