import type { LaptopContext } from '../../core/context.ts';
import { GatewayError, integrationFailed } from './errors.ts';
import { eventV1, eventV2 } from './event.ts';
import { callFunction } from './function-call.ts';
import { identityOf } from './identity-source.ts';
import type { AuthorizerContext, Invocation } from './invocation.ts';
import { decide } from './policy-verdict.ts';
import type { VerdictPolicy } from './policy-verdict.ts';
import type { AuthorizerProperties } from './types.ts';

/** How long an authorizer may take. */
const longestMilliseconds = 10_000;

interface Verdict {
  readonly isAuthorized?: unknown;
  readonly context?: AuthorizerContext;
  readonly principalId?: string;
  readonly policyDocument?: VerdictPolicy;
}

/**
 * Asks a function whether a request may pass. Verdicts are asked for anew each time: a longer life of theirs saves calls and decides nothing.
 * @returns what the function wants the integration to know
 * @throws {GatewayError} 401 without an identity, 403 when it says no, 500 when it fails
 */
export async function askFunction(context: LaptopContext, authorizer: AuthorizerProperties, invocation: Invocation, routeArn: string): Promise<AuthorizerContext> {
  const { IdentitySource: sources = [], AuthorizerPayloadFormatVersion: format = '1.0', AuthorizerUri: uri, AuthorizerCredentialsArn: credentialsArn } = authorizer;
  const identities = sources.map((source) => identityOf(source, invocation));
  if (identities.some((value) => value === undefined || value === '')) throw new GatewayError(401, 'Unauthorized');

  const { body: _body, isBase64Encoded: _encoded, ...event } = format === '1.0' ? eventV1(invocation) : eventV2(invocation);
  const asked =
    format === '1.0'
      ? { ...event, type: 'REQUEST', methodArn: routeArn, identitySource: identities.join(','), authorizationToken: identities.join(',') }
      : { ...event, type: 'REQUEST', routeArn, identitySource: identities };
  const verdict = JSON.parse(await callFunction(context, { uri, credentialsArn, timeoutMilliseconds: longestMilliseconds }, asked)) as Verdict | null;
  if (!passes(verdict, String(authorizer.EnableSimpleResponses) === 'true', routeArn)) throw new GatewayError(403, 'Forbidden');
  return { ...verdict?.context, ...(verdict?.principalId === undefined ? {} : { principalId: verdict.principalId }) };
}

function passes(verdict: Verdict | null, isSimple: boolean, routeArn: string): boolean {
  if (isSimple) {
    if (typeof verdict?.isAuthorized !== 'boolean') throw integrationFailed('The authorizer answered no {"isAuthorized": true or false}');
    return verdict.isAuthorized;
  }
  const policy = verdict?.policyDocument;
  if (policy?.Statement === undefined) throw integrationFailed('The authorizer answered no {"policyDocument": {"Statement": [..]}}');
  return decide(policy, routeArn) === 'allowed';
}
