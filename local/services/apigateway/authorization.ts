import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { GatewayError, integrationFailed } from './errors.ts';
import type { HttpApi } from './http-api.ts';
import type { Authorized, Invocation } from './invocation.ts';
import { askFunction } from './lambda-authorizer.ts';
import type { ApiRequest } from './request.ts';
import { SignatureError, signerOf } from './signer.ts';
import type { Signer } from './signer.ts';
import type { RouteProperties } from './types.ts';

/**
 * Asks whether a request may use a route.
 * @param routeArn the route as a policy names it: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>`
 * @returns who it was found to be, or undefined when the route is open or the caller unsigned
 * @throws {GatewayError} 401 or 403
 */
export async function authorize(context: LaptopContext, api: HttpApi, route: RouteProperties, invocation: Invocation, routeArn: string): Promise<Authorized | undefined> {
  const { AuthorizationType: type = 'NONE', AuthorizerId: id = '' } = route;
  if (type === 'NONE') return undefined;
  if (type === 'AWS_IAM') return authorizeSigned(context, api, route, invocation.request, routeArn);
  const authorizer = api.authorizers.get(id);
  if (authorizer?.AuthorizerType === 'REQUEST') return { lambda: await askFunction(context, authorizer, invocation, routeArn) };
  if (authorizer?.AuthorizerType === 'JWT') return { jwt: await api.tokens.check(authorizer, route, invocation) };
  // Fails closed: whatever the authorizer would have refused must not pass.
  throw integrationFailed(`${invocation.routeKey} has ${type} authorization by "${id}", which is not there`);
}

/** By the authorizer of every call, as the action execute-api:Invoke, or lambda:InvokeFunctionUrl. */
async function authorizeSigned(context: LaptopContext, api: HttpApi, route: RouteProperties, request: ApiRequest, routeArn: string): Promise<Authorized | undefined> {
  const { caller, identity } = findSigner(context, api, request);
  try {
    const { service, operation, input } = api.dialect.permissionOf(routeArn, api.integrationOf({ properties: route })?.IntegrationUri);
    await context.dispatch({ service, operation, input: { ...input }, caller });
  } catch (error) {
    if (error instanceof AwsError && error.statusCode === 403) throw new GatewayError(403, 'Forbidden', error.message);
    throw error;
  }
  return identity && { iam: identity };
}

function findSigner(context: LaptopContext, { dialect }: HttpApi, request: ApiRequest): Signer {
  try {
    return signerOf(context, request, dialect.signedFor);
  } catch (error) {
    if (error instanceof SignatureError) throw new GatewayError(403, 'Forbidden', error.message);
    throw error;
  }
}
