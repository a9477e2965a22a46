import type { Caller } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import { credentialScope } from '../../wire/scope.ts';
import type { CallerIdentity } from './invocation.ts';
import type { ApiRequest } from './request.ts';

/** The service name that clients of an API sign for, and its one action. */
export const executeApi = { service: 'execute-api', operation: 'Invoke' } as const;

/** Who makes a request, as far as its signature tells. */
export interface Signer {
  readonly caller: Caller;
  /** Absent when the request is unsigned. */
  readonly identity?: CallerIdentity;
}

/** A signature that names no one here, or another service. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
}

/**
 * Finds who signed a request. Unsigned, it is anonymous: whether that is enough is the authorizer's to say.
 * @param service the one that it has to be signed for
 * @throws {SignatureError}
 */
export function signerOf(context: LaptopContext, request: ApiRequest, service: string = executeApi.service): Signer {
  const scope = credentialScope({ headers: request.headers, query: new URLSearchParams(request.rawQueryString) });
  if (scope === undefined) return { caller: { kind: 'anonymous', arn: 'anonymous', accountId: 'anonymous' } };
  const caller = context.identity.callerOf(scope.accessKeyId);
  if (caller === undefined) throw new SignatureError(`No one holds the access key ${scope.accessKeyId}, or its session is over`);
  if (scope.service !== service) throw new SignatureError(`Signed for the service ${scope.service} instead of ${service}`);
  const userId = caller.arn.split('/').slice(1).join(':');
  return {
    caller,
    identity: { accessKey: scope.accessKeyId, accountId: caller.accountId, callerId: userId, cognitoIdentity: null, principalOrgId: null, userArn: caller.arn, userId },
  };
}
