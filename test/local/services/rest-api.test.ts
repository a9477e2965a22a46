import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/core/errors.ts';
import { openRestApi, uri } from './rest-api.harness.ts';
import type { RestBench } from './rest-api.harness.ts';

let api: RestBench;
const time = new Date('2026-11-20T12:34:56.789Z');
let now = time;
const clock = { now: () => now, sleep: () => Promise.reject(new Error('Nothing here sleeps.')) };

beforeEach(async () => {
  now = time;
  api = await openRestApi({ clock, api: { BinaryMediaTypes: ['application/octet-stream'] } });
});

afterEach(() => api.bench.close());

const message = (text: string): string => JSON.stringify({ message: text });

describe('a REST API', () => {
  it('sends a function the event of format 1.0, with header names as they were written', async () => {
    await api.method('POST', await api.resource('{id}', await api.resource('pets')));
    await api.deploy({ Variables: { v: '1' } });
    api.answer = () => ({ statusCode: 201, headers: { 'X-Made': 'yes' }, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] }, body: 'made' });
    const { port } = new URL(api.url);
    const answer = await new Promise<{ status: number | undefined; headers: http.IncomingHttpHeaders; body: string }>((resolve, reject) => {
      const request = http.request({ port, host: '127.0.0.1', method: 'POST', path: '/prod/pets/a%20b?x=1&x=2', agent: false, headers: { 'Content-Type': 'application/json', 'X-Twice': ['1', '2'], 'User-Agent': 'tester' } }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString())).on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      });
      request.on('error', reject).end('{"é":1}');
    });
    expect(answer).toMatchObject({ status: 201, body: 'made', headers: { 'x-made': 'yes', 'set-cookie': ['a=1', 'b=2'], 'content-type': 'application/json' } });

    const { call, event } = api.calls[0]!;
    expect(call.caller).toMatchObject({ kind: 'service', arn: 'apigateway.amazonaws.com' });
    const host = `127.0.0.1:${port}`;
    expect(event).toEqual({
      resource: '/pets/{id}',
      path: '/pets/a b',
      httpMethod: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Twice': '2', 'User-Agent': 'tester', Host: host, 'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Port': port, 'X-Forwarded-Proto': 'https', 'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/) as unknown },
      multiValueHeaders: expect.objectContaining({ 'X-Twice': ['1', '2'], Host: [host] }) as unknown,
      queryStringParameters: { x: '2' },
      multiValueQueryStringParameters: { x: ['1', '2'] },
      pathParameters: { id: 'a b' },
      stageVariables: { v: '1' },
      requestContext: {
        resourceId: expect.stringMatching(/^[a-z0-9]{6}$/) as unknown,
        resourcePath: '/pets/{id}',
        httpMethod: 'POST',
        extendedRequestId: answer.headers['x-amz-apigw-id'],
        requestTime: '20/Nov/2026:12:34:56 +0000',
        path: '/prod/pets/a b',
        accountId: '000000000000',
        protocol: 'HTTP/1.1',
        stage: 'prod',
        domainPrefix: api.apiId,
        requestTimeEpoch: time.getTime(),
        requestId: answer.headers['x-amzn-requestid'],
        identity: { cognitoIdentityPoolId: null, accountId: null, cognitoIdentityId: null, caller: null, sourceIp: '127.0.0.1', principalOrgId: null, accessKey: null, cognitoAuthenticationType: null, cognitoAuthenticationProvider: null, userArn: null, userAgent: 'tester', user: null },
        domainName: host,
        deploymentId: expect.stringMatching(/^[a-z0-9]{6}$/) as unknown,
        apiId: api.apiId,
      },
      body: '{"é":1}',
      isBase64Encoded: false,
    });
  });

  it('has null for what a request has not', async () => {
    await api.method('GET', api.rootId);
    await api.deploy();
    await api.fetch('/prod');
    expect(api.calls[0]!.event).toMatchObject({ resource: '/', path: '/', queryStringParameters: null, multiValueQueryStringParameters: null, pathParameters: null, stageVariables: null, body: null, isBase64Encoded: false });
  });

  it('finds the most specific resource, and nothing behind it when that has not the method', async () => {
    const pets = await api.resource('pets');
    await api.method('GET', pets);
    await api.method('ANY', await api.resource('{proxy+}'));
    await api.deploy();
    for (const where of ['/prod/pets', '/prod/pets/', '/prod/x/y?z=1']) await api.fetch(where, { method: 'GET' });
    expect(api.calls.map(({ event }) => [event.resource, event.pathParameters])).toEqual([['/pets', null], ['/pets', null], ['/{proxy+}', { proxy: 'x/y' }]]);
    expect(await api.fetch('/prod/pets', { method: 'POST' })).toMatchObject({ status: 403, body: message('Missing Authentication Token') });
    expect(await api.fetch('/prod/')).toMatchObject({ status: 403, body: message('Missing Authentication Token') });
    expect(await api.fetch('/dev/pets')).toMatchObject({ status: 403, body: message('Forbidden') });
  });

  it('serves what was deployed, not what was changed since', async () => {
    await api.method('GET', api.rootId);
    await api.deploy();
    await api.method('POST', api.rootId);
    expect((await api.fetch('/prod', { method: 'POST' })).status).toBe(403);
    await api.deploy();
    expect((await api.fetch('/prod', { method: 'POST' })).status).toBe(200);
  });

  it('takes bytes for its binary media types, and gives them to clients that accept those', async () => {
    await api.method('POST', api.rootId);
    await api.deploy();
    const bytes = Buffer.from([0, 255, 10]);
    api.answer = () => ({ statusCode: 200, headers: { 'Content-Type': 'application/octet-stream' }, body: bytes.toString('base64'), isBase64Encoded: true });
    const ask = (headers: Record<string, string>): Promise<Response> => fetch(`${api.url}/prod`, { method: 'POST', headers, body: bytes });
    const binary = await ask({ 'content-type': 'application/octet-stream', accept: 'application/octet-stream' });
    expect(Buffer.from(await binary.arrayBuffer())).toEqual(bytes);
    const text = await ask({ 'content-type': 'text/plain', accept: '*/*' });
    expect(await text.text()).toBe(bytes.toString('base64'));
    expect(api.calls.map(({ event }) => [event.isBase64Encoded, event.body === bytes.toString('base64')])).toEqual([[true, true], [false, false]]);
  });

  it('answers as AWS does when the backend fails, is late, or the body is too long', async () => {
    await api.method('POST', api.rootId, { Integration: { Type: 'AWS_PROXY', Uri: uri, TimeoutInMillis: 50 } });
    await api.deploy();
    const outcomes: [unknown, number, string][] = [
      [new Error('no'), 502, 'Internal server error'],
      [{ a: 1 }, 502, 'Internal server error'],
      [{ statusCode: 200, body: { a: 1 } }, 502, 'Internal server error'],
      [new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429), 500, 'Internal server error'],
      [new Promise(() => undefined), 504, 'Endpoint request timed out'],
    ];
    for (const [result, status, text] of outcomes) {
      api.answer = () => (result instanceof AwsError ? Promise.reject(result) : result);
      expect(await api.fetch('/prod', { method: 'POST' })).toMatchObject({ status, body: message(text) });
    }
    expect(await api.fetch('/prod', { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) })).toMatchObject({ status: 413, body: message('Request Too Long') });
    expect(await api.fetch('/prod/%E0%A4%A', {})).toMatchObject({ status: 400 });
  });

  it('throttles by the settings of the stage, the method\'s own first', async () => {
    await api.method('GET', api.rootId);
    await api.method('GET', await api.resource('free'));
    await api.deploy({ MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 }, { HttpMethod: 'GET', ResourcePath: '/~1free', ThrottlingRateLimit: 100, ThrottlingBurstLimit: 100 }] });
    const statuses = async (where: string): Promise<number[]> => [(await api.fetch(where)).status, (await api.fetch(where)).status, (await api.fetch(where)).status];
    expect(await statuses('/prod')).toEqual([200, 200, 429]);
    expect(await statuses('/prod/free')).toEqual([200, 200, 200]);
    expect((await api.fetch('/prod')).body).toBe(message('Too Many Requests'));
    now = new Date(now.getTime() + 1000);
    expect((await api.fetch('/prod')).status).toBe(200);
  });

  it('answers refusals in its own words where it has some', async () => {
    await api.bench.provision('AWS::ApiGateway::GatewayResponse', 'Own', { RestApiId: api.apiId, ResponseType: 'MISSING_AUTHENTICATION_TOKEN', StatusCode: '404', ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" }, ResponseTemplates: { 'application/json': '{"error":$context.error.messageString,"type":"$context.error.responseType","path":"$context.path"}' } });
    await api.bench.provision('AWS::ApiGateway::GatewayResponse', 'All', { RestApiId: api.apiId, ResponseType: 'DEFAULT_5XX', ResponseParameters: { 'gatewayresponse.header.X-From': "'gateway'" } });
    await api.method('GET', api.rootId);
    await api.deploy();
    api.answer = () => new Error('no');
    const absent = await api.fetch('/prod/absent');
    expect([absent.status, JSON.parse(absent.body), absent.headers.get('access-control-allow-origin')]).toEqual([404, { error: 'Missing Authentication Token', type: 'MISSING_AUTHENTICATION_TOKEN', path: '/prod/absent' }, '*']);
    const failed = await api.fetch('/prod');
    expect([failed.status, failed.headers.get('x-from')]).toEqual([502, 'gateway']);
  });

  it('logs each request in the format of its stage', async () => {
    await api.method('GET', await api.resource('a'));
    await api.deploy({ AccessLogSetting: { DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:x', Format: '{"path":"$context.resourcePath","status":"$context.status","error":$context.error.messageString,"type":"$context.error.responseType"}' } });
    await api.fetch('/prod/a');
    await api.fetch('/prod/b');
    const lines = readFileSync(path.join(api.bench.context.stateDirectory, 'logs', `api-${api.apiId}.log`), 'utf8').trim().split('\n');
    expect(lines).toEqual(['{"path":"/a","status":"200","error":-,"type":"-"}', '{"path":"-","status":"403","error":"Missing Authentication Token","type":"MISSING_AUTHENTICATION_TOKEN"}']);
  });

  it('declares what it cannot run, and says so', async () => {
    await api.method('GET', api.rootId, { Integration: { Type: 'HTTP_PROXY', Uri: 'https://example.com' } });
    await api.deploy();
    expect(api.bench.events).toContainEqual({ type: 'notice', message: expect.stringContaining('is declared but will not run: it is of type HTTP_PROXY') as unknown });
    expect((await api.fetch('/prod')).status).toBe(500);
  });

  it('comes up on its port again with its deployments', async () => {
    await api.method('GET', api.rootId);
    await api.deploy();
    const before = api;
    await api.bench.close({ keep: true });
    api = await openRestApi({ stateDirectory: before.bench.context.stateDirectory });
    expect(api.url).toBe(before.url);
    await api.method('GET', api.rootId);
    await api.deploy();
    expect((await api.fetch('/prod')).status).toBe(200);
  });
});

describe('requests that are validated', () => {
  it('miss no parameter, and have a body of the model\'s shape', async () => {
    const { physicalId: RequestValidatorId } = await api.bench.provision('AWS::ApiGateway::RequestValidator', 'Validator', { RestApiId: api.apiId, ValidateRequestBody: true, ValidateRequestParameters: true });
    const { physicalId: model } = await api.bench.provision('AWS::ApiGateway::Model', 'Model', { RestApiId: api.apiId, ContentType: 'application/json', Schema: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['a'], properties: { a: { type: 'number', minimum: 1 } } } });
    await api.method('POST', api.rootId, { RequestValidatorId, RequestModels: { 'application/json': model }, RequestParameters: { 'method.request.querystring.q': true, 'method.request.header.x': false } });
    await api.deploy();
    const post = (query: string, body: string) => api.fetch(`/prod${query}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await post('', '{"a":1}')).toMatchObject({ status: 400, body: message('Missing required request parameters: [q]') });
    for (const body of ['{"a":0}', '{"a":"1"}', '{}', '[]', '{', '']) expect(await post('?q=1', body)).toMatchObject({ status: 400, body: message('Invalid request body') });
    expect((await post('?q=1', '{"a":1,"b":2}')).status).toBe(200);
    expect(api.calls).toHaveLength(1);
  });
});

describe('CORS by mock methods', () => {
  // As CDK's defaultCorsPreflightOptions renders it for two origins.
  const template = '#set($origin = $input.params().header.get("Origin"))\n#if($origin == "")\n  #set($origin = $input.params().header.get("origin"))\n#end\n#if($origin == "https://b.test")\n  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)\n#end';

  it('lets each origin hear its own name', async () => {
    await api.method('OPTIONS', api.rootId, {
      Integration: {
        Type: 'MOCK',
        RequestTemplates: { 'application/json': '{ statusCode: 200 }' },
        IntegrationResponses: [{ StatusCode: '204', ResponseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'https://a.test'", 'method.response.header.Vary': "'Origin'", 'method.response.header.Access-Control-Allow-Methods': "'GET,POST'" }, ResponseTemplates: { 'application/json': template } }],
      },
    });
    await api.deploy();
    const origins = [];
    for (const origin of ['https://a.test', 'https://b.test', 'https://c.test']) {
      const { status, headers } = await api.fetch('/prod', { method: 'OPTIONS', headers: { origin } });
      origins.push([status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-methods'), headers.get('vary')]);
    }
    expect(origins).toEqual([
      [204, 'https://a.test', 'GET,POST', 'Origin'],
      [204, 'https://b.test', 'GET,POST', 'Origin'],
      [204, 'https://a.test', 'GET,POST', 'Origin'],
    ]);
    expect(api.calls).toEqual([]);
  });

  it('chooses the answer by the status of the request template', async () => {
    await api.method('POST', api.rootId, {
      Integration: {
        Type: 'MOCK',
        RequestTemplates: { 'application/json': '#if($input.params("fail") != "")\n{"statusCode": 500}\n#else\n{"statusCode": 200}\n#end' },
        IntegrationResponses: [{ StatusCode: 200, ResponseTemplates: { 'application/json': '{"name":"$input.path(\'$.who.name\')","all":$input.json(\'$\')}' } }, { StatusCode: 503, SelectionPattern: '5\\d{2}' }],
      },
    });
    await api.deploy();
    const ok = await api.fetch('/prod', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"who":{"name":"me"}}' });
    expect([ok.status, JSON.parse(ok.body)]).toEqual([200, { name: 'me', all: { who: { name: 'me' } } }]);
    expect((await api.fetch('/prod?fail=1', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status).toBe(503);
  });
});
