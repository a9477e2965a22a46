import { TaskFailure } from '../../../states/index.ts';
import type { Json, JsonObject } from '../../../states/index.ts';

/** The error that Step Functions shows where a function's own says no more. */
const unknownError = 'Lambda.Unknown';

/**
 * Reads the answer of a function: its payload as JSON, or the error that it threw under its own name.
 * @param answer the result of Invoke, with the payload as text
 */
export function readInvocation(answer: JsonObject): JsonObject & { Payload: Json } {
  const payload = typeof answer['Payload'] === 'string' ? answer['Payload'] : '';
  if (answer['FunctionError'] !== undefined) throw new TaskFailure(errorType(payload), payload);
  return { ...answer, Payload: payload === '' ? {} : (JSON.parse(payload) as Json) };
}

function errorType(payload: string): string {
  try {
    const { errorType: type } = JSON.parse(payload) as { errorType?: unknown };
    return typeof type === 'string' && type !== '' ? type : unknownError;
  } catch {
    return unknownError;
  }
}
