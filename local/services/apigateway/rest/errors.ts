interface ResponseType {
  readonly status: number;
  /** What the client reads, unless the case says more. */
  readonly message: string | null;
  /** What stands in `x-amzn-ErrorType`. */
  readonly errorType: string;
}

/** The refusals and failures of REST APIs, by the types under which an API may give them an answer of its own. */
const responseTypes = {
  ACCESS_DENIED: { status: 403, message: 'User is not authorized to access this resource', errorType: 'AccessDeniedException' },
  API_CONFIGURATION_ERROR: { status: 500, message: 'Internal server error', errorType: 'InternalServerErrorException' },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, message: null, errorType: 'AuthorizerConfigurationException' },
  AUTHORIZER_FAILURE: { status: 500, message: null, errorType: 'AuthorizerFailureException' },
  BAD_REQUEST_BODY: { status: 400, message: 'Invalid request body', errorType: 'BadRequestException' },
  BAD_REQUEST_PARAMETERS: { status: 400, message: 'Missing required request parameters', errorType: 'BadRequestException' },
  INTEGRATION_FAILURE: { status: 502, message: 'Internal server error', errorType: 'InternalServerErrorException' },
  INTEGRATION_TIMEOUT: { status: 504, message: 'Endpoint request timed out', errorType: 'InternalServerErrorException' },
  INVALID_API_KEY: { status: 403, message: 'Forbidden', errorType: 'ForbiddenException' },
  INVALID_SIGNATURE: { status: 403, message: 'The security token included in the request is invalid.', errorType: 'UnrecognizedClientException' },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, message: 'Missing Authentication Token', errorType: 'MissingAuthenticationTokenException' },
  QUOTA_EXCEEDED: { status: 429, message: 'Limit Exceeded', errorType: 'LimitExceededException' },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long', errorType: 'RequestTooLongException' },
  THROTTLED: { status: 429, message: 'Too Many Requests', errorType: 'TooManyRequestsException' },
  UNAUTHORIZED: { status: 401, message: 'Unauthorized', errorType: 'UnauthorizedException' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Unsupported Media Type', errorType: 'UnsupportedMediaTypeException' },
} as const satisfies Readonly<Record<string, ResponseType>>;

/** The name of a gateway response. */
export type ResponseTypeName = keyof typeof responseTypes;

/** A refusal or failure as a REST API itself answers it. */
export class RestError extends Error {
  override readonly name = 'RestError';
  /** Absent for a request that reached no stage: no API answers it. */
  readonly type: ResponseTypeName | undefined;
  readonly status: number;
  /** What the client reads; some failures say nothing at all. */
  readonly clientMessage: string | null;
  readonly errorType: string;
  /** For the access log, never for the client. */
  readonly reason: string | undefined;

  constructor(type: ResponseTypeName | undefined, { message, reason }: { message?: string; reason?: string } = {}) {
    const known: ResponseType = type === undefined ? { status: 403, message: 'Forbidden', errorType: 'ForbiddenException' } : responseTypes[type];
    const text = message ?? known.message;
    super(text ?? known.errorType);
    this.type = type;
    this.status = known.status;
    this.clientMessage = text;
    this.errorType = known.errorType;
    this.reason = reason;
  }
}

/** The backend failed or answered nonsense; the client learns no more than that. */
export function backendFailed(reason: string): RestError {
  return new RestError('INTEGRATION_FAILURE', { reason });
}
