import type { ChildExit } from '../child.ts';
import { responseLimit } from './runtime-api.ts';

/** What an invocation came to. */
export interface Outcome {
  /** The function's answer, or the JSON that describes its error. Empty where the answer went to a sink. */
  readonly payload: Buffer;
  /** Present when the function failed, as in the X-Amz-Function-Error header. */
  readonly functionError?: 'Unhandled';
  /** The last 4 KB of what was logged. */
  readonly logTail: string;
}

/** What Lambda itself says of a function that could not answer. */
export interface PlatformError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** The function ran longer than its timeout. */
export function timedOut(requestId: string, timeoutSeconds: number): PlatformError {
  return { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds` };
}

/** The function's process ended in the middle of an invocation. */
export function exited(requestId: string, { code, signal }: ChildExit): PlatformError {
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited ${reasonOf(code, signal)}` };
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'with error: signal: killed';
  if (signal !== null) return `with error: signal: ${signal}`;
  return code === 0 ? 'without providing a reason' : `with error: exit status ${code}`;
}

/** The function answered more than Lambda passes on. */
export function responseTooLarge(bytes: number, limit = responseLimit): PlatformError {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${limit} bytes).`,
  };
}
