import type { RequestError } from '../errors.ts';
import type { HttpResponse } from './message.ts';

/** An answer other than 200. The body is `{"error":{code,message,requestId,details?}}`. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly headers: Readonly<Record<string, string>>;

  /** The message says what was found and what was expected, and nothing of the inside. */
  constructor(status: number, code: string, message: string, options: { details?: unknown; headers?: Record<string, string>; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.details = options.details;
    this.headers = options.headers ?? {};
  }
}

/** An answer with a JSON body. */
export function jsonResponse(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }, body: JSON.stringify(value) };
}

/** The answer for an error. */
export function errorResponse(error: HttpError, requestId: string): HttpResponse {
  const { status, code, message, details, headers } = error;
  return jsonResponse(status, { error: { code, message, requestId, ...(details === undefined ? {} : { details }) } }, headers);
}

/** The answer for an error to a caller that speaks the Open Inference Protocol: `{"error": text}`. */
export function protocolErrorResponse({ status, message, headers }: HttpError): HttpResponse {
  return jsonResponse(status, { error: message }, headers);
}

/** What a request that cannot be served as it stands is answered with: 413 where it is too much, else 400. */
export function refusal(error: RequestError): HttpError {
  return new HttpError(error.code === 'TooManyRows' ? 413 : 400, error.code, `${error.message}.`, { details: error.details, cause: error });
}
