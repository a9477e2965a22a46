import type { LaptopContext } from '../../../core/context.ts';
import { callFunction, FunctionCallError } from '../function-call.ts';
import { decide } from '../policy-verdict.ts';
import type { VerdictPolicy } from '../policy-verdict.ts';
import { RestError } from './errors.ts';
import { requestPart } from './event.ts';
import type { RestAuthorized, RestAuthorizerContext, RestInvocation } from './invocation.ts';
import type { RestAuthorizerProperties } from './types.ts';
import type { VerdictCache } from './verdict-cache.ts';

/** How long an authorizer may take. */
const longestMilliseconds = 10_000;
/** How long a verdict counts unless the authorizer says so. */
const defaultTtlSeconds = 300;

interface Verdict {
  readonly principalId?: string;
  readonly policyDocument?: VerdictPolicy;
  readonly context?: RestAuthorizerContext;
  readonly usageIdentifierKey?: string;
}

/**
 * Asks a function whether a request may pass, or remembers what it said: its policy then decides on this method as well, as on AWS.
 * @throws {RestError} 401 without an identity, 403 when it says no, 500 when it fails
 */
export async function askAuthorizer(context: LaptopContext, verdicts: VerdictCache, authorizer: RestAuthorizerProperties, id: string, invocation: RestInvocation, methodArn: string): Promise<RestAuthorized> {
  const { IdentitySource: sources = '', AuthorizerResultTtlInSeconds: ttl = defaultTtlSeconds } = authorizer;
  const identities = sources.split(',').filter((source) => source !== '').map((source) => identityOf(source.trim(), invocation));
  if (identities.some((value) => value === undefined || value === '')) throw new RestError('UNAUTHORIZED');
  const { IdentityValidationExpression: pattern } = authorizer;
  if (authorizer.Type === 'TOKEN' && pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(identities[0] ?? '')) throw new RestError('UNAUTHORIZED');

  const now = context.clock.now().getTime();
  const cacheKey = JSON.stringify([id, invocation.stage.StageName, identities]);
  const isCached = Number(ttl) > 0 && identities.length > 0;
  const known = isCached ? (verdicts.get(cacheKey, now) as Verdict | undefined) : undefined;
  const verdict = known ?? (await ask(context, authorizer, eventOf(authorizer, invocation, identities[0], methodArn)));
  if (isCached && known === undefined) verdicts.put(cacheKey, verdict, now + Number(ttl) * 1000);
  return judge(verdict, methodArn);
}

function judge({ policyDocument, principalId, context, usageIdentifierKey }: Verdict, methodArn: string): RestAuthorized {
  if (policyDocument === undefined || typeof principalId !== 'string') throw new RestError('AUTHORIZER_CONFIGURATION_ERROR', { reason: 'The authorizer answered no {"principalId": "..", "policyDocument": {..}}' });
  const decision = decide(policyDocument, methodArn);
  if (decision === 'denied') throw new RestError('ACCESS_DENIED', { message: 'User is not authorized to access this resource with an explicit deny' });
  if (decision === 'silent') throw new RestError('ACCESS_DENIED');
  // What a function tells reaches the backend as text.
  const told = Object.fromEntries(Object.entries(context ?? {}).map(([name, value]) => [name, String(value)]));
  return { custom: { principalId, ...told }, ...(usageIdentifierKey !== undefined && { usageIdentifierKey }) };
}

async function ask(context: LaptopContext, { AuthorizerUri: uri, AuthorizerCredentials: credentialsArn }: RestAuthorizerProperties, event: unknown): Promise<Verdict> {
  try {
    return (JSON.parse(await callFunction(context, { uri, credentialsArn, timeoutMilliseconds: longestMilliseconds }, event)) as Verdict | null) ?? {};
  } catch (error) {
    if (!(error instanceof FunctionCallError)) throw error;
    // The one word by which a function refuses without a policy.
    if (error.kind === 'failed' && error.code === 'Unauthorized') throw new RestError('UNAUTHORIZED');
    throw new RestError(error.kind === 'failed' ? 'AUTHORIZER_FAILURE' : 'AUTHORIZER_CONFIGURATION_ERROR', { reason: error.message });
  }
}

function eventOf({ Type: type }: RestAuthorizerProperties, invocation: RestInvocation, token: string | undefined, methodArn: string): Record<string, unknown> {
  return type === 'TOKEN' ? { type, methodArn, authorizationToken: token } : { type, methodArn, ...requestPart(invocation) };
}

/** The value that an expression such as `method.request.header.Authorization` stands for. */
function identityOf(source: string, { request, stage, match, apiId, requestId }: RestInvocation): string | undefined {
  const [, kind, name = ''] = /^(method\.request\.header|method\.request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  switch (kind) {
    case 'method.request.header':
      return request.headers[name.toLowerCase()];
    case 'method.request.querystring':
      return new URLSearchParams(request.rawQueryString).get(name) ?? undefined;
    case 'stageVariables':
      return stage.Variables?.[name];
    case 'context':
      return { stage: stage.StageName, apiId, requestId, httpMethod: request.method, path: request.path, resourcePath: match.resourcePath, 'identity.sourceIp': request.sourceIp, 'identity.userAgent': request.headers['user-agent'] }[name];
    default:
      throw new RestError('AUTHORIZER_CONFIGURATION_ERROR', { reason: `"${source}" is no identity source of a REST API` });
  }
}
