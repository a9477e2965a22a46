import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { EventEmitter, once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { listen } from '../../../local/wire/server.ts';
import { wireServer } from '../support/wire.ts';

const authorization = 'AWS4-HMAC-SHA256 Credential=AKIATEST/20261120/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00';

test('HTTP/2 with prior knowledge is answered on the same port', async () => {
  const { client } = await wireServer([{ name: 'states', operations: { ListStateMachines: () => ({ stateMachines: [] }) } }]);
  const session = http2.connect(client.endpoint);
  const request = session.request({ ':method': 'POST', ':path': '/', authorization, 'x-amz-target': 'AWSStepFunctions.ListStateMachines', 'content-type': 'application/x-amz-json-1.0' });
  request.end('{}');
  const [headers] = (await once(request, 'response')) as [http2.IncomingHttpHeaders];
  const body = await request.setEncoding('utf8').toArray();
  session.close();
  expect([headers[':status'], body.join('')]).toEqual([200, '{"stateMachines":[]}']);
});

test('a compressed body is read', async () => {
  const inputs: unknown[] = [];
  const { client } = await wireServer([{ name: 'states', operations: { DescribeExecution: (input) => (inputs.push(input), {}) } }]);
  const headers = { authorization, 'x-amz-target': 'AWSStepFunctions.DescribeExecution', 'content-encoding': 'gzip' };
  await fetch(client.endpoint, { method: 'POST', headers, body: gzipSync('{"executionArn":"x"}') });
  expect(inputs).toEqual([{ executionArn: 'x' }]);
});

test('a body that is not JSON is the client’s mistake', async () => {
  const { client, faults } = await wireServer([{ name: 'states', operations: { DescribeExecution: () => ({}) } }]);
  const answer = await fetch(client.endpoint, { method: 'POST', headers: { authorization, 'x-amz-target': 'AWSStepFunctions.DescribeExecution' }, body: '{"executionArn":' });
  expect([answer.status, answer.headers.get('x-amzn-errortype'), faults]).toEqual([400, 'SerializationException', []]);
});

test.each([
  ['a path that is no UTF-8', '/b/%ff', {}, 'InvalidURI'],
  ['a time that is none', '/b/k', { 'if-modified-since': 'yesterday' }, 'SerializationException'],
])('%s is the client’s mistake', async (_, path, headers, code) => {
  const { client, faults } = await wireServer([{ name: 's3', operations: { GetObject: () => ({}) } }]);
  const answer = await fetch(client.endpoint + path, { headers: { authorization: authorization.replace('states', 's3'), ...headers } });
  expect([answer.status, (await answer.text()).includes(`<Code>${code}</Code>`), faults]).toEqual([400, true, []]);
});

test('an unsigned request is told to sign', async () => {
  const { client } = await wireServer([]);
  const answer = await fetch(client.endpoint);
  expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([403, 'MissingAuthenticationToken']);
});

test('a busy port is named, with what to do', async () => {
  const holder = net.createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as net.AddressInfo;
  await expect(listen(() => undefined, port)).rejects.toThrow(new RegExp(`Port ${port} on 127.0.0.1 is busy.*--port`));
  holder.close();
});

test.each([['plain', {}], ['aws-chunked', { 'content-encoding': 'aws-chunked', 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }]])('a client that goes away in the middle of a body (%s) is no fault of the laptop', async (_, headers) => {
  const bodies = new EventEmitter();
  const { client, faults } = await wireServer([{ name: 's3', operations: { PutObject: async ({ Body }) => (bodies.emit('begun'), await Body.toArray().finally(() => bodies.emit('over')), {}) } }]);
  const { hostname, port } = new URL(client.endpoint);
  const request = http.request({ hostname, port, method: 'PUT', path: '/b/k', headers: { authorization: authorization.replace('states', 's3'), 'content-length': 1000, ...headers } });
  request.on('error', () => undefined);
  request.write('3e0\r\nhello');
  await once(bodies, 'begun');
  request.destroy();
  await once(bodies, 'over');
  await setImmediate();
  expect(faults).toEqual([]);
});
