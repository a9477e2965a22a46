import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { GatewayError, integrationFailed } from './errors.ts';

/** A function to call, as integrations and authorizers name it. */
export interface FunctionTarget {
  readonly uri: string | undefined;
  /** The role to call it under. @default - API Gateway itself calls, and the function's policy must allow it */
  readonly credentialsArn?: string | undefined;
  /** How long to wait for it; it may run on, as on AWS. */
  readonly timeoutMilliseconds: number;
}

/**
 * Calls a function and waits for its result, JSON.
 * @throws {GatewayError} 500 when it fails, 503 when it takes too long or is throttled
 */
export async function callFunction(context: LaptopContext, { uri, credentialsArn, timeoutMilliseconds }: FunctionTarget, event: unknown): Promise<string> {
  const call = context.dispatch({
    service: 'lambda',
    operation: 'Invoke',
    input: { FunctionName: functionArn(uri), InvocationType: 'RequestResponse', Payload: Buffer.from(JSON.stringify(event)) },
    caller: credentialsArn === undefined ? context.identity.service('apigateway.amazonaws.com') : context.identity.role(credentialsArn, 'BackplaneAssumeRoleSession'),
  });
  const output = await within(timeoutMilliseconds, call).catch((error: unknown) => {
    throw error instanceof AwsError ? refused(error) : error;
  });
  if (output['FunctionError'] !== undefined) throw integrationFailed(`The Lambda function returned the following error: ${String(output['FunctionError'])}. Check your Lambda function code and try again.`);
  return Buffer.from(output['Payload'] as Uint8Array).toString();
}

/** The function's ARN in a URI, which may have the form of API Gateway's own; undefined when it names no function. */
export function functionArn(uri: string | undefined): string | undefined {
  return /(arn:[^:]+:lambda:[^:]+:\d*:function:[^/]+)/.exec(uri ?? '')?.[1];
}

async function within<T>(milliseconds: number, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GatewayError(503, 'Service Unavailable', `Endpoint request timed out after ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

function refused(error: AwsError): GatewayError {
  const reason = `${error.code}: ${error.message}`;
  if (error.code === 'TooManyRequestsException') return new GatewayError(503, 'Service Unavailable', reason);
  if (error.code === 'RequestTooLargeException') return new GatewayError(413, 'Request Entity Too Large', reason);
  return integrationFailed(reason);
}
