import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from './apigateway.harness.ts';
import { openRestApi, uri } from './rest-api.harness.ts';
import type { RestBench } from './rest-api.harness.ts';

let api: RestBench;
let now: Date;
const clock = { now: () => now, sleep: () => Promise.reject(new Error('Nothing here sleeps.')) };

beforeEach(async () => {
  now = new Date('2026-11-20T12:34:56.789Z');
  api = await openRestApi({ clock });
});

afterEach(() => api.bench.close());

const message = (text: string): string => JSON.stringify({ message: text });

describe('authorization', () => {
  const authorizer = async (more: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { physicalId } = await api.bench.provision('AWS::ApiGateway::Authorizer', 'Authorizer', { RestApiId: api.apiId, Name: 'who', Type: 'TOKEN', AuthorizerUri: uri, IdentitySource: 'method.request.header.Authorization', ...more });
    return { AuthorizationType: 'CUSTOM', AuthorizerId: physicalId };
  };
  const policy = (effect: string, resource: string): object => ({ principalId: 'me', policyDocument: { Statement: [{ Effect: effect, Action: 'execute-api:Invoke', Resource: resource }] }, context: { team: 'a', level: 3 } });
  const ask = (token: string, where = '/prod/a') => api.fetch(where, { headers: { authorization: token } });

  it('asks a TOKEN authorizer, and keeps what it said', async () => {
    await api.method('GET', await api.resource('a'), await authorizer({ IdentityValidationExpression: 'Bearer .+', AuthorizerResultTtlInSeconds: 60 }));
    await api.deploy();
    api.answer = (event: Event) => (event.type !== 'TOKEN' ? { statusCode: 200 } : event.authorizationToken === 'Bearer out' ? new Error('Unauthorized') : event.authorizationToken === 'Bearer broken' ? new Error('x') : policy(event.authorizationToken === 'Bearer no' ? 'Deny' : 'Allow', event.authorizationToken === 'Bearer other' ? 'arn:other' : event.methodArn));
    expect((await ask('Bearer yes')).status).toBe(200);
    expect((await ask('Bearer yes')).status).toBe(200);
    expect(api.calls.map(({ event }) => event.type)).toEqual(['TOKEN', undefined, undefined]);
    expect(api.calls[0]!.event).toEqual({ type: 'TOKEN', methodArn: `arn:aws:execute-api:us-east-1:000000000000:${api.apiId}/prod/GET/a`, authorizationToken: 'Bearer yes' });
    expect(api.calls[1]!.event.requestContext.authorizer).toEqual({ principalId: 'me', team: 'a', level: '3' });
    now = new Date(now.getTime() + 60_000);
    await ask('Bearer yes');
    expect(api.calls.filter(({ event }) => event.type === 'TOKEN')).toHaveLength(2);

    expect(await ask('Bearer no')).toMatchObject({ status: 403, body: '{"Message":"User is not authorized to access this resource with an explicit deny"}' });
    expect(await ask('Bearer other')).toMatchObject({ status: 403, body: '{"Message":"User is not authorized to access this resource"}' });
    expect(await ask('Bearer out')).toMatchObject({ status: 401, body: message('Unauthorized') });
    expect(await ask('Bearer broken')).toMatchObject({ status: 500, body: '{"message":null}' });
    expect(await ask('Basic x')).toMatchObject({ status: 401 });
    expect(await api.fetch('/prod/a')).toMatchObject({ status: 401, body: message('Unauthorized') });
  });

  it('asks a REQUEST authorizer about the whole request', async () => {
    const options = await authorizer({ Type: 'REQUEST', IdentitySource: 'method.request.header.X-Key, method.request.querystring.q', AuthorizerResultTtlInSeconds: 0 });
    await api.method('GET', await api.resource('a'), options);
    await api.deploy();
    api.answer = (event: Event) => (event.type === 'REQUEST' ? policy('Allow', `arn:aws:execute-api:*:*:${api.apiId}/prod/*`) : { statusCode: 200 });
    expect((await api.fetch('/prod/a?q=1', { headers: { 'x-key': 'k' } })).status).toBe(200);
    expect(api.calls[0]!.event).toMatchObject({ type: 'REQUEST', resource: '/a', path: '/a', queryStringParameters: { q: '1' }, requestContext: { resourcePath: '/a' } });
    expect((await api.fetch('/prod/a', { headers: { 'x-key': 'k' } })).status).toBe(401);
  });

  it('refuses what a Cognito user pool would have to decide, and says so', async () => {
    await api.method('GET', await api.resource('a'), await authorizer({ Type: 'COGNITO_USER_POOLS', ProviderARNs: ['arn:pool'] }));
    await api.deploy();
    expect(api.bench.events).toContainEqual({ type: 'notice', message: expect.stringContaining('asks a Cognito user pool, which the laptop has not') as unknown });
    expect((await ask('x')).status).toBe(500);
    expect(api.calls).toEqual([]);
  });

  it('decides signed requests as execute-api:Invoke', async () => {
    await api.method('GET', await api.resource('a'), { AuthorizationType: 'AWS_IAM' });
    await api.deploy();
    expect(await api.fetch('/prod/a')).toMatchObject({ status: 403, body: message('Missing Authentication Token') });
    const signed = (key: string, service = 'execute-api') => api.fetch('/prod/a', { headers: { authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261120/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x` } });
    const { accessKeyId } = api.bench.client.credentials;
    expect((await signed(accessKeyId)).status).toBe(200);
    expect(api.calls[0]!.event.requestContext.identity).toMatchObject({ accessKey: accessKeyId, userArn: 'arn:aws:iam::000000000000:user/operator' });
    expect(await signed('AKIASTRANGER')).toMatchObject({ status: 403, body: message('The security token included in the request is invalid.') });
    expect((await signed(accessKeyId, 's3')).status).toBe(403);
    expect(api.bench.events).toContainEqual(expect.objectContaining({ type: 'call', service: 'execute-api', operation: 'Invoke', callerArn: 'arn:aws:iam::000000000000:user/operator' }));
  });
});

describe('API keys', () => {
  const value = 'k'.repeat(20);

  async function withKey(plan: Record<string, unknown>): Promise<string> {
    const { physicalId: KeyId } = await api.bench.provision('AWS::ApiGateway::ApiKey', 'Key', { Enabled: true, Value: value });
    const { physicalId: UsagePlanId } = await api.bench.provision('AWS::ApiGateway::UsagePlan', 'Plan', { ApiStages: [{ ApiId: api.apiId, Stage: 'prod' }], ...plan });
    await api.bench.provision('AWS::ApiGateway::UsagePlanKey', 'PlanKey', { KeyId, KeyType: 'API_KEY', UsagePlanId });
    await api.method('GET', await api.resource('a'), { ApiKeyRequired: true });
    await api.deploy();
    return KeyId;
  }
  const ask = (key?: string) => api.fetch('/prod/a', { headers: key === undefined ? {} : { 'x-api-key': key } });

  it('are asked for, and tell the function who calls', async () => {
    const id = await withKey({});
    for (const key of [undefined, 'x'.repeat(20)]) expect(await ask(key)).toMatchObject({ status: 403, body: message('Forbidden') });
    expect((await ask(value)).status).toBe(200);
    expect(api.calls[0]!.event.requestContext.identity).toMatchObject({ apiKey: value, apiKeyId: id });
    await api.bench.provision('AWS::ApiGateway::ApiKey', 'Key', { Enabled: false, Value: value });
    expect((await ask(value)).status).toBe(403);
  });

  it('are throttled by their plan, a method by its own limit', async () => {
    await withKey({ Throttle: { RateLimit: 1, BurstLimit: 5 }, ApiStages: [{ ApiId: api.apiId, Stage: 'prod', Throttle: { '/a/GET': { RateLimit: 1, BurstLimit: 1 } } }] });
    expect([(await ask(value)).status, (await ask(value)).status]).toEqual([200, 429]);
    expect((await ask(value)).body).toBe(message('Too Many Requests'));
  });

  it('have a quota that outlives the laptop and begins anew in its period', async () => {
    await withKey({ Quota: { Limit: 2, Period: 'DAY' } });
    expect([(await ask(value)).status, (await ask(value)).status]).toEqual([200, 200]);
    const before = api;
    await api.bench.close({ keep: true });
    api = await openRestApi({ clock, stateDirectory: before.bench.context.stateDirectory });
    await withKey({ Quota: { Limit: 2, Period: 'DAY' } });
    expect(await ask(value)).toMatchObject({ status: 429, body: message('Limit Exceeded') });
    now = new Date('2026-11-21T00:00:01Z');
    expect((await ask(value)).status).toBe(200);
  });

  it('get a value of their own where the template gives none, which lasts and is told', async () => {
    await api.bench.provision('AWS::ApiGateway::ApiKey', 'Made', { Enabled: true });
    const told = api.bench.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(told).toEqual([expect.stringMatching(/^The API key Made is [\w-]{40} /)]);
    await api.bench.provision('AWS::ApiGateway::ApiKey', 'Made', { Enabled: true });
    expect(api.bench.events.filter((event) => event.type === 'notice')).toHaveLength(1);
    await expect(api.bench.provision('AWS::ApiGateway::ApiKey', 'Short', { Value: 'abc' })).rejects.toThrow('has 3 characters: expected at least 20');
  });
});
