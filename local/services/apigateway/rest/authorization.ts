import type { LaptopContext } from '../../../core/context.ts';
import { AwsError } from '../../../core/errors.ts';
import { executeApi, SignatureError, signerOf } from '../signer.ts';
import type { Signer } from '../signer.ts';
import { askAuthorizer } from './custom-authorizer.ts';
import type { MethodTable } from './definition.ts';
import { RestError } from './errors.ts';
import type { RestAuthorized, RestInvocation } from './invocation.ts';
import type { RestApi } from './rest-api.ts';

/**
 * Asks whether a request may use a method.
 * @param methodArn the method as a policy names it: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>`
 * @throws {RestError} 401, 403, or 500 when the authorizer cannot say
 */
export async function authorize(context: LaptopContext, api: RestApi, table: MethodTable, invocation: RestInvocation, methodArn: string): Promise<RestAuthorized> {
  const { AuthorizationType: type = 'NONE', AuthorizerId: id = '' } = invocation.match.method;
  if (type === 'AWS_IAM') return bySignature(context, invocation, methodArn);
  // The API's own policy speaks of callers whom nothing else authorizes, too.
  if (api.properties.Policy !== undefined) await bySignature(context, invocation, methodArn, true);
  if (type === 'NONE') return {};
  const authorizer = table.definition.authorizers[id];
  // Fails closed: whatever the authorizer would have refused must not pass.
  if (authorizer === undefined) throw new RestError('AUTHORIZER_CONFIGURATION_ERROR', { reason: `The authorizer ${id} is not in the deployment` });
  if (authorizer.Type === 'COGNITO_USER_POOLS') throw new RestError('AUTHORIZER_CONFIGURATION_ERROR', { reason: `${authorizer.Name} asks a Cognito user pool, and the laptop has none` });
  return askAuthorizer(context, api.verdicts, authorizer, id, invocation, methodArn);
}

/** By the authorizer of every call, as the action execute-api:Invoke. */
async function bySignature(context: LaptopContext, { request }: RestInvocation, methodArn: string, mayBeUnsigned = false): Promise<RestAuthorized> {
  const { caller, identity } = findSigner(() => signerOf(context, request));
  if (identity === undefined && !mayBeUnsigned) throw new RestError('MISSING_AUTHENTICATION_TOKEN');
  try {
    await context.dispatch({ ...executeApi, input: { ResourceArn: methodArn }, caller });
  } catch (error) {
    if (error instanceof AwsError && error.statusCode === 403) throw new RestError('ACCESS_DENIED', { message: error.message });
    throw error;
  }
  return identity === undefined ? {} : { iam: identity };
}

function findSigner(find: () => Signer): Signer {
  try {
    return find();
  } catch (error) {
    if (error instanceof SignatureError) throw new RestError('INVALID_SIGNATURE', { reason: error.message });
    throw error;
  }
}
