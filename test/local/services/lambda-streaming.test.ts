import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApiGateway } from '../../../local/services/apigateway/index.ts';
import { createLambda } from '../../../local/services/lambda/index.ts';
import { openBench, role } from './harness.ts';
import type { Bench } from './harness.ts';

let bench: Bench;
let lambda: LambdaClient;

beforeEach(async () => {
  bench = await openBench({ modules: [createLambda, createApiGateway] });
  lambda = new LambdaClient(bench.client);
});

afterEach(async () => {
  lambda.destroy();
  await bench.close();
});

const code = `
let proceed;
exports.streaming = awslambda.streamifyResponse(async (event, stream) => {
  const how = event.how ?? event.rawPath ?? event.path;
  if (how.endsWith('early')) throw new Error('early');
  const plain = how.endsWith('plain');
  if (plain) stream.setContentType('text/event-stream');
  const out = plain ? stream : awslambda.HttpResponseStream.from(stream, { statusCode: 202, headers: { 'X-Made': 'yes', 'Content-Type': 'text/plain' }, cookies: ['a=1', 'b=2'] });
  out.write('one ');
  const { go } = event.queryStringParameters ?? {};
  while (go !== undefined && !require('fs').existsSync(go)) await new Promise((resolve) => setTimeout(resolve, 5));
  // The first part is on its way before the function fails.
  if (how.endsWith('late')) await new Promise((resolve) => setTimeout(resolve, 100));
  if (how.endsWith('late')) throw new RangeError('late');
  out.write('two');
  out.end();
});
exports.buffered = async (event) => event.rawPath === '/fail' ? Promise.reject(new Error('no')) : ({ statusCode: 201, body: 'buffered' });`;

const deploy = (name: string): Promise<unknown> => bench.provision('AWS::Lambda::Function', name, { Code: { ZipFile: code }, Handler: `index.${name}`, Runtime: 'nodejs24.x', Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'], Role: role });

async function urlOf(name: string, InvokeMode = 'RESPONSE_STREAM'): Promise<string> {
  await deploy(name);
  return String((await bench.provision('AWS::Lambda::Url', `Url${name}`, { TargetFunctionArn: `Test-${name}`, AuthType: 'NONE', InvokeMode })).attributes['FunctionUrl']);
}


it('streams through a function URL, chunk by chunk, with status, headers and cookies of the prelude', async () => {
  const url = await urlOf('streaming');
  const go = path.join(bench.context.stateDirectory, 'go');
  const response = await fetch(`${url}a?go=${encodeURIComponent(go)}`);
  expect([response.status, response.headers.get('x-made'), response.headers.get('content-type'), response.headers.getSetCookie(), response.headers.get('content-length')]).toEqual([202, 'yes', 'text/plain', ['a=1', 'b=2'], null]);
  const reader = response.body!.getReader();
  // The function goes on only when its first part has arrived here.
  expect(Buffer.from((await reader.read()).value!).toString()).toBe('one ');
  writeFileSync(go, '');
  expect(Buffer.from((await reader.read()).value!).toString()).toBe('two');
  expect((await reader.read()).done).toBe(true);
});

it('streams an answer without prelude as it is', async () => {
  const response = await fetch(`${await urlOf('streaming')}plain`);
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, 'text/event-stream', 'one two']);
});

it('answers 502 to a function that fails at first, and breaks the connection of one that fails later', async () => {
  const url = await urlOf('streaming');
  const early = await fetch(`${url}early`);
  expect([early.status, await early.json()]).toEqual([502, { message: 'Internal Server Error' }]);
  const late = await fetch(`${url}late`);
  expect(late.status).toBe(202);
  await expect(late.text()).rejects.toThrow('terminated');
  expect(await (await fetch(`${url}plain`)).text()).toBe('one two');
});

it('gives what a buffered function returned as it is: only a buffered URL makes a response of it', async () => {
  const streamed = await fetch(await urlOf('buffered'));
  expect([streamed.status, streamed.headers.get('content-type'), await streamed.json()]).toEqual([200, 'application/json', { statusCode: 201, body: 'buffered' }]);
  const url = await urlOf('buffered', 'BUFFERED');
  const buffered = await fetch(url);
  expect([buffered.status, buffered.headers.get('content-type'), await buffered.text()]).toEqual([201, 'application/json', 'buffered']);
  expect((await fetch(`${url}fail`)).status).toBe(502);
});

it('answers InvokeWithResponseStream of the SDK, and Invoke with all of it', async () => {
  await deploy('streaming');
  const invoke = async (how: string) => {
    const answer = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: 'Test-streaming', Payload: JSON.stringify({ how }), LogType: 'Tail' }));
    const events = [];
    for await (const event of answer.EventStream!) events.push(event);
    return { status: answer.StatusCode, text: events.map(({ PayloadChunk }) => Buffer.from(PayloadChunk?.Payload ?? []).toString()).join(''), count: events.length, complete: events.at(-1)?.InvokeComplete };
  };
  expect(await invoke('plain')).toMatchObject({ status: 200, text: 'one two', complete: { LogResult: expect.any(String) as unknown } });
  expect(await invoke('late')).toMatchObject({ text: expect.stringMatching(/one $/) as unknown, complete: { ErrorCode: 'Unhandled', ErrorDetails: expect.stringContaining('"errorType":"RangeError"') as unknown } });
  expect(await invoke('early')).toMatchObject({ status: 200, text: '', count: 1, complete: { ErrorCode: 'Unhandled' } });
  const whole = await lambda.send(new InvokeCommand({ FunctionName: 'Test-streaming', Payload: '{"how":"plain"}' }));
  expect(whole.Payload?.transformToString()).toBe('one two');
  await expect(lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: 'absent' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

it('streams through a REST API whose integration asks for it', async () => {
  await deploy('streaming');
  await deploy('buffered');
  const { physicalId: RestApiId, attributes } = await bench.provision('AWS::ApiGateway::RestApi', 'Api', {});
  const method = async (HttpMethod: string, name: string): Promise<unknown> =>
    bench.provision('AWS::ApiGateway::Method', HttpMethod, { RestApiId, ResourceId: attributes['RootResourceId'], HttpMethod, AuthorizationType: 'NONE', Integration: { Type: 'AWS_PROXY', ResponseTransferMode: 'STREAM', Uri: `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/arn:aws:lambda:us-east-1:000000000000:function:Test-${name}/response-streaming-invocations` } });
  await method('GET', 'streaming');
  await method('POST', 'buffered');
  const { physicalId: DeploymentId } = await bench.provision('AWS::ApiGateway::Deployment', 'Deployment', { RestApiId });
  await bench.provision('AWS::ApiGateway::Stage', 'Stage', { RestApiId, DeploymentId, StageName: 'prod' });
  const url = `${bench.apis.get(RestApiId)!}/prod`;
  const response = await fetch(url);
  expect([response.status, response.headers.get('x-made'), response.headers.getSetCookie()]).toEqual([202, 'yes', ['a=1', 'b=2']]);
  expect(await response.text()).toBe('one two');
  expect((await fetch(url, { method: 'POST' })).status).toBe(502);
});

it('asks who signed for Lambda, and nobody else, where a function URL wants it', async () => {
  await deploy('buffered');
  const url = String((await bench.provision('AWS::Lambda::Url', 'Signed', { TargetFunctionArn: 'Test-buffered', AuthType: 'AWS_IAM' })).attributes['FunctionUrl']);
  const signed = (service: string) => fetch(`${url}a`, { headers: { authorization: `AWS4-HMAC-SHA256 Credential=${bench.client.credentials.accessKeyId}/20261120/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00` } });
  expect([(await signed('lambda')).status, (await signed('execute-api')).status]).toEqual([201, 403]);
});
