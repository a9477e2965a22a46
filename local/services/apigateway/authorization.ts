import type { Caller } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { credentialScope } from '../../wire/scope.ts';
import { GatewayError, integrationFailed } from './errors.ts';
import type { ApiRequest } from './request.ts';
import type { RouteProperties } from './types.ts';

/** Who signed a request, as a function sees it in `requestContext.authorizer.iam`. */
export interface CallerIdentity {
  readonly accessKey: string;
  readonly accountId: string;
  readonly callerId: string;
  readonly cognitoIdentity: null;
  readonly principalOrgId: null;
  readonly userArn: string;
  readonly userId: string;
}

/** The service name that clients of an HTTP API sign for, and its one action. */
export const executeApi = { service: 'execute-api', operation: 'Invoke' } as const;

/**
 * Asks whether the caller may use the route: by the authorizer of every call, as the action execute-api:Invoke.
 * @param resourceArn the route as a policy names it: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>`
 * @returns who signed, on an IAM route
 * @throws {GatewayError} 403
 */
export async function authorize(context: LaptopContext, { AuthorizationType: type = 'NONE', RouteKey: routeKey }: RouteProperties, request: ApiRequest, resourceArn: string): Promise<CallerIdentity | undefined> {
  if (type === 'NONE') return undefined;
  // Fails closed: whatever the authorizer would have refused must not pass.
  if (type !== 'AWS_IAM') throw integrationFailed(`${routeKey} has ${type} authorization, which the laptop does not serve`);
  const { caller, identity } = signer(context, request);
  try {
    await context.dispatch({ ...executeApi, input: { ResourceArn: resourceArn }, caller });
  } catch (error) {
    if (error instanceof AwsError && error.statusCode === 403) throw new GatewayError(403, 'Forbidden', error.message);
    throw error;
  }
  return identity;
}

function signer(context: LaptopContext, request: ApiRequest): { caller: Caller; identity?: CallerIdentity } {
  const scope = credentialScope({ headers: request.headers, query: new URLSearchParams(request.rawQueryString) });
  // Unsigned: whether that is enough is the authorizer's to say.
  if (scope === undefined) return { caller: { kind: 'anonymous', arn: 'anonymous', accountId: 'anonymous' } };
  const caller = context.identity.callerOf(scope.accessKeyId);
  if (caller === undefined) throw new GatewayError(403, 'Forbidden', `No one holds the access key ${scope.accessKeyId}, or its session is over`);
  if (scope.service !== executeApi.service) throw new GatewayError(403, 'Forbidden', `Signed for the service ${scope.service} instead of ${executeApi.service}`);
  const userId = caller.arn.split('/').slice(1).join(':');
  return {
    caller,
    identity: { accessKey: scope.accessKeyId, accountId: caller.accountId, callerId: userId, cognitoIdentity: null, principalOrgId: null, userArn: caller.arn, userId },
  };
}
