import type { Caller } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { credentialScope } from '../../wire/scope.ts';
import { GatewayError, integrationFailed } from './errors.ts';
import type { HttpApi } from './http-api.ts';
import type { Authorized, CallerIdentity, Invocation } from './invocation.ts';
import { askFunction } from './lambda-authorizer.ts';
import type { ApiRequest } from './request.ts';
import type { RouteProperties } from './types.ts';

/** The service name that clients of an HTTP API sign for, and its one action. */
export const executeApi = { service: 'execute-api', operation: 'Invoke' } as const;

/**
 * Asks whether a request may use a route.
 * @param routeArn the route as a policy names it: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>`
 * @returns who it was found to be, or undefined when the route is open or the caller unsigned
 * @throws {GatewayError} 401 or 403
 */
export async function authorize(context: LaptopContext, api: HttpApi, { AuthorizationType: type = 'NONE', AuthorizerId: id = '' }: RouteProperties, invocation: Invocation, routeArn: string): Promise<Authorized | undefined> {
  if (type === 'NONE') return undefined;
  if (type === 'AWS_IAM') return authorizeSigned(context, invocation.request, routeArn);
  const authorizer = api.authorizers.get(id);
  // Fails closed: whatever the authorizer would have refused must not pass.
  if (authorizer?.AuthorizerType !== 'REQUEST') throw integrationFailed(`${invocation.routeKey} has ${type} authorization by "${id}", which the laptop does not serve`);
  return { lambda: await askFunction(context, authorizer, invocation, routeArn) };
}

/** By the authorizer of every call, as the action execute-api:Invoke. */
async function authorizeSigned(context: LaptopContext, request: ApiRequest, routeArn: string): Promise<Authorized | undefined> {
  const { caller, identity } = signer(context, request);
  try {
    await context.dispatch({ ...executeApi, input: { ResourceArn: routeArn }, caller });
  } catch (error) {
    if (error instanceof AwsError && error.statusCode === 403) throw new GatewayError(403, 'Forbidden', error.message);
    throw error;
  }
  return identity && { iam: identity };
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
