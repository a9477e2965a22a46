import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/core/errors.ts';
import { createApiGateway } from '../../../local/services/apigateway/index.ts';
import { createLambda } from '../../../local/services/lambda/index.ts';
import { openApi } from './apigateway.harness.ts';
import type { ApiBench, Event } from './apigateway.harness.ts';
import { openBench, role } from './harness.ts';

let api: ApiBench;
const time = new Date('2026-11-20T12:34:56.789Z');
let now = time;

beforeEach(async () => {
  now = time;
  api = await openApi({ clock: { now: () => now, sleep: () => Promise.reject(new Error('Nothing here sleeps.')) } });
});

afterEach(() => api.bench.close());

const message = (text: string): string => JSON.stringify({ message: text });
const get = async (where: string, init?: RequestInit): Promise<{ status: number; body: string; headers: Headers }> => {
  const response = await fetch(`${api.url}${where}`, init);
  return { status: response.status, body: await response.text(), headers: response.headers };
};

describe('an HTTP API', () => {
  it('has a stable id and a URL on a port of its own', async () => {
    expect(api.apiId).toMatch(/^[a-z0-9]{10}$/);
    expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(api.bench.apis.get(api.apiId)).toBe(api.url);
    const other = await api.bench.provision('AWS::ApiGatewayV2::Api', 'Other', { ProtocolType: 'HTTP' });
    expect(other.attributes['ApiEndpoint']).not.toBe(api.url);
    expect(other.attributes['ApiId']).toBe(other.physicalId);
  });

  it('sends a function the event of format 2.0, and its answer to the client', async () => {
    await api.route('POST /pets/{id}');
    api.answer = () => ({ statusCode: 201, headers: { 'X-Made': 'yes' }, cookies: ['a=1; Secure', 'b=2'], body: 'made' });
    const answer = await get('/pets/a%20b?x=1&x=2&y=%C3%A9', { method: 'POST', headers: { 'content-type': 'application/json; charset=utf-8', cookie: 'k=1; l=2', 'User-Agent': 'tester', 'X-List': 'a' }, body: '{"é":1}' });
    expect(answer).toMatchObject({ status: 201, body: 'made' });
    expect(answer.headers.getSetCookie()).toEqual(['a=1; Secure', 'b=2']);
    expect(answer.headers.get('x-made')).toBe('yes');

    const { call, event } = api.calls[0]!;
    expect(call.caller).toMatchObject({ kind: 'service', arn: 'apigateway.amazonaws.com' });
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /pets/{id}',
      rawPath: '/pets/a b',
      rawQueryString: 'x=1&x=2&y=%C3%A9',
      cookies: ['k=1', 'l=2'],
      headers: expect.objectContaining({ 'content-type': 'application/json; charset=utf-8', 'content-length': '8', 'x-list': 'a', host: api.url.slice(7), 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https', 'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/) }) as unknown,
      queryStringParameters: { x: '1,2', y: 'é' },
      requestContext: {
        accountId: '000000000000',
        apiId: api.apiId,
        domainName: api.url.slice(7),
        domainPrefix: api.apiId,
        http: { method: 'POST', path: '/pets/a b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'tester' },
        requestId: answer.headers.get('apigw-requestid'),
        routeKey: 'POST /pets/{id}',
        stage: '$default',
        time: '20/Nov/2026:12:34:56 +0000',
        timeEpoch: time.getTime(),
      },
      pathParameters: { id: 'a b' },
      body: '{"é":1}',
      isBase64Encoded: false,
    });
    expect(event.headers).not.toHaveProperty('cookie');
  });

  it('leaves out of the event what a request has not, and joins repeated headers', async () => {
    await api.route('$default');
    const { port } = new URL(api.url);
    await new Promise<void>((resolve, reject) => {
      http.get({ port, host: '127.0.0.1', headers: { 'X-Twice': ['1', '2'] }, agent: false }, (response) => response.resume().on('end', resolve)).on('error', reject);
    });
    const { event } = api.calls[0]!;
    expect(Object.keys(event).sort()).toEqual(['headers', 'isBase64Encoded', 'rawPath', 'rawQueryString', 'requestContext', 'routeKey', 'version']);
    expect(event).toMatchObject({ routeKey: '$default', rawPath: '/', rawQueryString: '', isBase64Encoded: false, headers: { 'x-twice': '1,2' } });
  });

  it('sends the event of format 1.0', async () => {
    await api.integration({ PayloadFormatVersion: '1.0', IntegrationUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:fake:live/invocations' });
    await api.stage({ StageName: 'prod', StageVariables: { v: '1' } });
    await api.route('GET /pets/{id}');
    expect(await get('/prod/pets/7?x=1&x=2')).toMatchObject({ status: 200, body: '' });
    const { call, event } = api.calls[0]!;
    expect(call.input['FunctionName']).toBe('arn:aws:lambda:us-east-1:000000000000:function:fake:live');
    expect(event).toMatchObject({
      version: '1.0',
      resource: '/pets/{id}',
      path: '/prod/pets/7',
      httpMethod: 'GET',
      queryStringParameters: { x: '2' },
      multiValueQueryStringParameters: { x: ['1', '2'] },
      multiValueHeaders: { accept: ['*/*'] },
      pathParameters: { id: '7' },
      stageVariables: { v: '1' },
      requestContext: { stage: 'prod', requestTime: '20/Nov/2026:12:34:56 +0000', identity: { sourceIp: '127.0.0.1', userArn: null } },
      body: null,
      isBase64Encoded: false,
    });
  });

  it('sends a binary body, a form, and one of no known type in base64', async () => {
    await api.route('$default');
    const bytes = new Uint8Array([0, 255, 10]);
    await get('/', { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: bytes });
    await get('/', { method: 'POST', body: new URLSearchParams({ a: '1' }) });
    expect(api.calls.map(({ event }) => [event.isBase64Encoded, Buffer.from(event.body, 'base64')])).toEqual([
      [true, Buffer.from(bytes)],
      [true, Buffer.from('a=1')],
    ]);
  });

  it('puts a named stage in front of the path, and takes every other path for the default stage', async () => {
    await api.stage({ StageName: 'prod' });
    await api.route('GET /a');
    await get('/prod/a');
    await get('/a');
    expect(api.calls.map(({ event }) => [event.rawPath, event.requestContext.http.path, event.requestContext.stage])).toEqual([
      ['/prod/a', '/prod/a', 'prod'],
      ['/a', '/a', '$default'],
    ]);
    await api.bench.remove('AWS::ApiGatewayV2::Stage', 'Stage $default');
    expect(await get('/a')).toMatchObject({ status: 404, body: message('Not Found') });
  });

  it('answers as AWS does when something is wrong', async () => {
    await api.route('POST /a');
    expect(await get('/a')).toMatchObject({ status: 404, body: message('Not Found') });
    expect(await get('/%ff')).toMatchObject({ status: 400, body: message('Bad Request') });
    expect(await get('/a', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })).toMatchObject({ status: 413, body: message('Request Entity Too Large') });
    const outcomes = [new Error('thrown by the function'), { statusCode: 'no' }, new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429), new AwsError('AccessDeniedException', 'no', 403), new TypeError('a bug of the laptop')];
    const seen = [];
    for (const [index, outcome] of outcomes.entries()) {
      api.answer = () => {
        if (index < 2) return outcome;
        throw outcome;
      };
      const { status, body } = await get('/a', { method: 'POST' });
      seen.push([status, body]);
    }
    const internal = [500, message('Internal Server Error')];
    expect(seen).toEqual([internal, internal, [503, message('Service Unavailable')], internal, internal]);
  });

  it('tells the person, not the client, of a bug of the laptop', async () => {
    await api.route('GET /a');
    api.answer = () => {
      throw new TypeError('a bug');
    };
    expect((await get('/a')).body).toBe(message('Internal Server Error'));
    expect(api.bench.events).toContainEqual({ type: 'notice', message: expect.stringContaining('TypeError: a bug') as unknown });
  });

  it('goes on when a client goes away in the middle of its body', async () => {
    await api.route('$default');
    const { port, hostname } = new URL(api.url);
    await new Promise<void>((resolve) => {
      const socket = net.connect(Number(port), hostname, () => socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf', () => socket.destroy()));
      socket.on('close', () => resolve());
    });
    expect((await get('/')).status).toBe(200);
    expect(api.calls).toHaveLength(1);
    expect(api.bench.events.filter((event) => event.type === 'notice')).toEqual([]);
  });

  it('stops waiting for a function after its timeout', async () => {
    await api.integration({ TimeoutInMillis: '50' });
    await api.route('GET /slow');
    api.answer = () => new Promise(() => undefined);
    expect(await get('/slow')).toMatchObject({ status: 503, body: message('Service Unavailable') });
  });

  it('throttles by the settings of stage and route', async () => {
    await api.stage({ DefaultRouteSettings: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 }, RouteSettings: { 'GET /free': { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 100 } } });
    await api.route('GET /a');
    await api.route('GET /free');
    const statuses = async (where: string, count: number): Promise<number[]> => {
      const seen = [];
      for (let index = 0; index < count; index++) seen.push((await get(where)).status);
      return seen;
    };
    expect(await statuses('/a', 3)).toEqual([200, 200, 429]);
    expect((await get('/a')).body).toBe(message('Too Many Requests'));
    expect(await statuses('/free', 4)).toEqual([200, 200, 200, 200]);
    now = new Date(time.getTime() + 1000);
    expect(await statuses('/a', 2)).toEqual([200, 429]);
  });

  it('follows changes and removals at once', async () => {
    await api.route('GET /a');
    await api.bench.provision('AWS::ApiGatewayV2::Route', 'GET /a', { ApiId: api.apiId, RouteKey: 'GET /b', Target: 'integrations/none' });
    expect((await get('/a')).status).toBe(404);
    expect((await get('/b')).status).toBe(500);
    await api.bench.remove('AWS::ApiGatewayV2::Route', 'GET /a');
    expect((await get('/b')).status).toBe(404);
    await api.bench.remove('AWS::ApiGatewayV2::Api', 'Api');
    await expect(get('/b')).rejects.toThrow();
  });
});

describe('CORS', () => {
  const page = { origin: 'https://page.example' };
  const ask = { ...page, 'access-control-request-method': 'POST' };

  it('answers preflights by itself and puts its headers in place of the function\'s', async () => {
    await api.bench.provision('AWS::ApiGatewayV2::Api', 'Api', { CorsConfiguration: { AllowOrigins: ['https://page.example'], AllowMethods: ['POST', 'GET'], AllowHeaders: ['content-type'], ExposeHeaders: ['x-a'], AllowCredentials: true, MaxAge: 60 } });
    await api.route('$default');
    api.answer = () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'PUT' } });
    const allowed = await get('/any', { method: 'OPTIONS', headers: ask });
    expect(allowed.status).toBe(204);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({ 'access-control-allow-origin': 'https://page.example', 'access-control-allow-methods': 'POST,GET', 'access-control-allow-headers': 'content-type', 'access-control-allow-credentials': 'true', 'access-control-max-age': '60' });
    expect(api.calls).toEqual([]);

    const refused = await get('/any', { method: 'OPTIONS', headers: { ...ask, origin: 'https://other.example' } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([204, null]);

    const called = await get('/any', { headers: page });
    expect([called.headers.get('access-control-allow-origin'), called.headers.get('access-control-expose-headers'), called.headers.get('access-control-allow-methods')]).toEqual(['https://page.example', 'x-a', null]);
  });

  it('leaves everything to the function where it is not configured', async () => {
    await api.route('OPTIONS /a');
    api.answer = () => ({ statusCode: 200, headers: { 'access-control-allow-origin': '*' } });
    const answer = await get('/a', { method: 'OPTIONS', headers: ask });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  });
});

describe('IAM authorization', () => {
  const signed = (key: string, service = 'execute-api'): RequestInit => ({ headers: { authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261120/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00` } });
  const seen = () => api.bench.events.filter((event) => event.type === 'call' && event.service === 'execute-api');

  beforeEach(() => api.route('GET /a', { AuthorizationType: 'AWS_IAM' }));

  it('tells the function who signed, after asking the authorizer', async () => {
    const { accessKeyId } = api.bench.context.identity.credentialsFor(role, 'session');
    expect((await get('/a', signed(accessKeyId))).status).toBe(200);
    const userArn = 'arn:aws:sts::000000000000:assumed-role/tester/session';
    const { authorizer }: Event = api.calls[0]!.event.requestContext;
    expect(authorizer).toEqual({ iam: { accessKey: accessKeyId, accountId: '000000000000', callerId: 'tester:session', cognitoIdentity: null, principalOrgId: null, userArn, userId: 'tester:session' } });
    expect(seen()).toMatchObject([{ operation: 'Invoke', callerArn: userArn }]);
  });

  it('asks the authorizer about unsigned requests as well', async () => {
    expect((await get('/a')).status).toBe(200);
    expect(api.calls[0]!.event.requestContext).not.toHaveProperty('authorizer');
    expect(seen()).toMatchObject([{ callerArn: 'anonymous' }]);
  });

  it('refuses unknown keys and signatures for another service', async () => {
    const forbidden = { status: 403, body: message('Forbidden') };
    expect(await get('/a', signed('AKIAUNKNOWN'))).toMatchObject(forbidden);
    expect(await get('/a', signed(api.bench.client.credentials.accessKeyId, 's3'))).toMatchObject(forbidden);
    expect(api.calls).toEqual([]);
  });

  it('lets no one through where the laptop cannot decide', async () => {
    await api.route('GET /jwt', { AuthorizationType: 'JWT' });
    expect((await get('/jwt')).status).toBe(500);
    expect(api.calls).toEqual([]);
  });
});

describe('a Lambda authorizer', () => {
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:guard';
  const authorizer = async (more: Record<string, unknown> = {}): Promise<void> => {
    const { physicalId } = await api.bench.provision('AWS::ApiGatewayV2::Authorizer', 'Guard', { ApiId: api.apiId, Name: 'guard', AuthorizerType: 'REQUEST', AuthorizerUri: arn, AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true, IdentitySource: ['$request.header.Token'], ...more });
    await api.route('GET /a/{id}', { AuthorizationType: 'CUSTOM', AuthorizerId: physicalId });
  };
  const ask = (token: string) => get('/a/1', { headers: { token } });

  it('lets through whom it authorizes, and tells the function about them', async () => {
    await authorizer();
    api.answer = (event: Event) => (event.type === 'REQUEST' ? { isAuthorized: event.identitySource[0] === 'good', context: { team: 'a' } } : { statusCode: 200 });
    expect([(await ask('good')).status, (await ask('bad')).status, (await get('/a/1')).status]).toEqual([200, 403, 401]);
    expect(api.calls.map(({ call }) => call.input['FunctionName'])).toEqual([arn, expect.stringContaining(':fake'), arn]);
    expect(api.calls[0]!.event).toMatchObject({ version: '2.0', routeKey: 'GET /a/{id}', routeArn: `arn:aws:execute-api:us-east-1:000000000000:${api.apiId}/$default/GET/a/1`, pathParameters: { id: '1' } });
    expect(api.calls[1]!.event.requestContext.authorizer).toEqual({ lambda: { team: 'a' } });
  });

  it('understands policies, of which a denial wins, and answers 500 to nonsense', async () => {
    await authorizer({ EnableSimpleResponses: false, AuthorizerPayloadFormatVersion: '1.0' });
    const allow = { Effect: 'Allow', Action: 'execute-api:*', Resource: `arn:aws:execute-api:*:*:${api.apiId}/*/GET/*` };
    const seen = [];
    for (const verdict of [{ principalId: 'p', policyDocument: { Statement: [allow] } }, { policyDocument: { Statement: [allow, { ...allow, Effect: 'Deny' }] } }, { policyDocument: { Statement: [{ ...allow, Resource: 'arn:other' }] } }, null]) {
      api.answer = (event: Event) => (event.type === 'REQUEST' ? verdict : { statusCode: 200 });
      seen.push((await ask('any')).status);
    }
    expect(seen).toEqual([200, 403, 403, 500]);
    expect(api.calls[0]!.event).toMatchObject({ version: '1.0', methodArn: expect.stringMatching(/GET\/a\/1$/), identitySource: 'any' });
    expect(api.calls[1]!.event.requestContext.authorizer).toEqual({ lambda: { principalId: 'p' } });
  });
});

describe('the access log', () => {
  it('holds a line a request in the format of the stage', async () => {
    const format = JSON.stringify({ id: '$context.requestId', time: '$context.requestTime', route: '$context.routeKey', status: '$context.status', error: '$context.error.message', cause: '$context.integrationErrorMessage', bytes: '$context.responseLength', caller: '$context.identity.caller' });
    await api.stage({ AccessLogSettings: { DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:x', Format: format } });
    await api.route('GET /a');
    api.answer = (event: Event) => (event.rawQueryString === 'fail' ? new Error('no') : { statusCode: 200, body: 'four' });
    const { headers } = await get('/a');
    await get('/a?fail');
    await get('/absent');
    const file = path.join(api.bench.context.stateDirectory, 'logs', `api-${api.apiId}.log`);
    const lines = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown);
    const at = { time: '20/Nov/2026:12:34:56 +0000', caller: '-' };
    expect(lines).toEqual([
      { ...at, id: headers.get('apigw-requestid'), route: 'GET /a', status: '200', error: '-', cause: '-', bytes: '4' },
      { ...at, id: expect.any(String), route: 'GET /a', status: '500', error: 'Internal Server Error', cause: 'The Lambda function returned the following error: Unhandled. Check your Lambda function code and try again.', bytes: '35' },
      { ...at, id: expect.any(String), route: '-', status: '404', error: 'Not Found', cause: '-', bytes: '23' },
    ]);
    expect(api.bench.events.filter((event) => event.type === 'service').map(({ detail }) => detail['status'])).toEqual([200, 500, 404]);
  });
});

describe('a restart', () => {
  it('brings an API up on its port again, or on another when that is taken', async () => {
    const { stateDirectory } = api.bench.context;
    const before = api;
    await before.bench.close({ keep: true });
    api = await openApi({ stateDirectory });
    expect([api.url, api.apiId]).toEqual([before.url, before.apiId]);

    await api.bench.close({ keep: true });
    const squatter = net.createServer();
    await new Promise<void>((resolve) => squatter.listen(Number(new URL(before.url).port), '127.0.0.1', resolve));
    api = await openApi({ stateDirectory });
    await new Promise((resolve) => squatter.close(resolve));
    expect([api.url === before.url, api.apiId]).toEqual([false, before.apiId]);
    expect(api.bench.events).toContainEqual({ type: 'notice', message: expect.stringContaining('another program holds its port') as unknown });
  });
});

describe('with the Lambda service', () => {
  it('has a real function answer', async () => {
    const bench = await openBench({ modules: [createLambda, createApiGateway] });
    try {
      const code = 'exports.handler = async (event) => ({ path: event.rawPath, body: JSON.parse(event.body) });';
      const { attributes } = await bench.provision('AWS::Lambda::Function', 'Function', { Code: { ZipFile: code }, Handler: 'index.handler', Runtime: 'nodejs24.x', Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'], Role: role });
      const { physicalId: ApiId, attributes: made } = await bench.provision('AWS::ApiGatewayV2::Api', 'Api', { ProtocolType: 'HTTP' });
      const { physicalId } = await bench.provision('AWS::ApiGatewayV2::Integration', 'Integration', { ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: attributes['Arn'], PayloadFormatVersion: '2.0' });
      await bench.provision('AWS::ApiGatewayV2::Route', 'Route', { ApiId, RouteKey: 'POST /predict', Target: `integrations/${physicalId}` });
      await bench.provision('AWS::ApiGatewayV2::Stage', 'Stage', { ApiId, StageName: '$default', AutoDeploy: true });
      const answer = await fetch(`${String(made['ApiEndpoint'])}/predict`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"input":1}' });
      expect([answer.status, answer.headers.get('content-type'), await answer.json()]).toEqual([200, 'application/json', { path: '/predict', body: { input: 1 } }]);
    } finally {
      await bench.close();
    }
  });
});
