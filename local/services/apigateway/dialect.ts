import { GatewayError, integrationFailed } from './errors.ts';
import { FunctionCallError } from './function-call.ts';
import { executeApi } from './signer.ts';

/** The action of calls through function URLs: no operation of Lambda's API, but a permission of its own. */
export const invokeFunctionUrl = 'InvokeFunctionUrl';

/** In what HTTP APIs and function URLs differ: both are one front end of Lambda's. */
export interface Dialect {
  /** What a failed call is answered with; other errors come back as they are. */
  errorOf(error: unknown): unknown;
  /** The content type of an answer that names none. */
  readonly defaultType: string;
  /** The service that clients sign their requests for. */
  readonly signedFor: string;
  /** What a signed request needs to be allowed. @param uri of the route's integration */
  permissionOf(routeArn: string, uri: string | undefined): Permission;
}

/** An action, as the authorizer of every call is asked for it. */
export interface Permission {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** HTTP APIs: 500 when the function fails, 503 when it takes too long or is throttled. */
export const httpApiDialect: Dialect = {
  defaultType: 'text/plain;charset=UTF-8',
  signedFor: executeApi.service,
  permissionOf: (routeArn) => ({ ...executeApi, input: { ResourceArn: routeArn } }),
  errorOf(error) {
    if (!(error instanceof FunctionCallError)) return error;
    if (error.kind === 'late' || error.code === 'TooManyRequestsException') return new GatewayError(503, 'Service Unavailable', error.message);
    return tooLarge(error) ?? integrationFailed(error.message);
  },
};

/** Function URLs: 502 when the function fails, 429 when it is throttled, 504 when it takes too long. */
export const functionUrlDialect: Dialect = {
  defaultType: 'application/json',
  signedFor: 'lambda',
  permissionOf: (_routeArn, uri) => ({ service: 'lambda', operation: invokeFunctionUrl, input: { FunctionName: uri } }),
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
