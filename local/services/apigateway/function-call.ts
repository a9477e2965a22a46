import type { Caller } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';

/** A function to call, as integrations and authorizers name it. */
export interface FunctionTarget {
  readonly uri: string | undefined;
  /** The role to call it under. @default - API Gateway itself calls, and the function's policy must allow it */
  readonly credentialsArn?: string | undefined;
  /** How long to wait for it; it may run on, as on AWS. */
  readonly timeoutMilliseconds: number;
}

/** A function that could not be called, or did not answer. */
export class FunctionCallError extends Error {
  override readonly name = 'FunctionCallError';
  /** `late`: it took too long · `rejected`: Lambda would not run it · `failed`: it ran, and failed. */
  readonly kind: 'late' | 'rejected' | 'failed';
  /** Lambda's code for why it would not run it, or the failed function's own message. */
  readonly code: string | undefined;

  constructor(kind: FunctionCallError['kind'], message: string, code?: string) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}

/**
 * Calls a function and waits for its result, JSON.
 * @throws {FunctionCallError} when there is none
 */
export async function callFunction(context: LaptopContext, target: FunctionTarget, event: unknown): Promise<string> {
  const call = context.dispatch({
    service: 'lambda',
    operation: 'Invoke',
    input: { FunctionName: functionArn(target.uri), InvocationType: 'RequestResponse', Payload: Buffer.from(JSON.stringify(event)) },
    caller: callerOf(context, target),
  });
  const output = await within(target.timeoutMilliseconds, call).catch((error: unknown) => {
    throw rejectedCall(error);
  });
  const payload = Buffer.from(output['Payload'] as Uint8Array).toString();
  if (output['FunctionError'] === undefined) return payload;
  throw new FunctionCallError('failed', `The Lambda function returned the following error: ${String(output['FunctionError'])}. Check your Lambda function code and try again.`, errorMessage(payload));
}

/** Whom a call is made for. */
export function callerOf({ identity }: LaptopContext, { credentialsArn }: FunctionTarget): Caller {
  return credentialsArn === undefined ? identity.service('apigateway.amazonaws.com') : identity.role(credentialsArn, 'BackplaneAssumeRoleSession');
}

/** What Lambda refused, as a failed call. */
export function rejectedCall(error: unknown): unknown {
  return error instanceof AwsError ? new FunctionCallError('rejected', `${error.code}: ${error.message}`, error.code) : error;
}

/** The function's ARN in a URI, which may have the form of API Gateway's own; undefined when it names no function. */
export function functionArn(uri: string | undefined): string | undefined {
  return /(arn:[^:]+:lambda:[^:]+:\d*:function:[^/]+)/.exec(uri ?? '')?.[1];
}

/** The call's result, or FunctionCallError when it takes longer. */
export async function within<T>(milliseconds: number, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new FunctionCallError('late', `Endpoint request timed out after ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a failed function says of itself. */
function errorMessage(payload: string): string | undefined {
  const described = JSON.parse(payload) as { errorMessage?: unknown } | null;
  return typeof described?.errorMessage === 'string' ? described.errorMessage : undefined;
}
