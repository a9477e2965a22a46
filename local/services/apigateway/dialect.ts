import { GatewayError, integrationFailed } from './errors.ts';
import { FunctionCallError } from './function-call.ts';

/** In what HTTP APIs and function URLs differ: both are one front end of Lambda's. */
export interface Dialect {
  /** What a failed call is answered with; other errors come back as they are. */
  errorOf(error: unknown): unknown;
  /** The content type of an answer that names none. */
  readonly defaultType: string;
}

/** HTTP APIs: 500 when the function fails, 503 when it takes too long or is throttled. */
export const httpApiDialect: Dialect = {
  defaultType: 'text/plain;charset=UTF-8',
  errorOf(error) {
    if (!(error instanceof FunctionCallError)) return error;
    if (error.kind === 'late' || error.code === 'TooManyRequestsException') return new GatewayError(503, 'Service Unavailable', error.message);
    return tooLarge(error) ?? integrationFailed(error.message);
  },
};

/** Function URLs: 502 when the function fails, 429 when it is throttled, 504 when it takes too long. */
export const functionUrlDialect: Dialect = {
  defaultType: 'application/json',
  errorOf(error) {
    if (error instanceof GatewayError && error.status === 500) return new GatewayError(502, error.message, error.integrationError);
    if (!(error instanceof FunctionCallError)) return error;
    if (error.code === 'TooManyRequestsException') return new GatewayError(429, 'Rate Exceeded.', error.message);
    if (error.kind === 'late') return new GatewayError(504, 'Gateway Timeout', error.message);
    return tooLarge(error) ?? new GatewayError(502, 'Internal Server Error', error.message);
  },
};

function tooLarge(error: FunctionCallError): GatewayError | undefined {
  return error.code === 'RequestTooLargeException' ? new GatewayError(413, 'Request Entity Too Large', error.message) : undefined;
}
