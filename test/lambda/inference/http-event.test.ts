import { expect, test } from 'vitest';
import { httpEventSchema, requestOf } from '../../../lambda/inference/http-event.ts';

const request = (event: object) => requestOf(httpEventSchema.parse(event), 'lambda-1');
const version2 = { version: '2.0', rawPath: '/predict', headers: { 'content-type': 'application/json' }, requestContext: { requestId: 'r', stage: '$default', http: { method: 'POST' } }, body: '{"input":1}', isBase64Encoded: false };

test('payload version 2', () => {
  const { body, ...rest } = request(version2);
  expect(rest).toEqual({ method: 'POST', path: '/predict', query: '', headers: { 'content-type': 'application/json' }, requestId: 'r' });
  expect(body.toString()).toBe('{"input":1}');
});

test('a base64 body is decoded', () => {
  expect(request({ ...version2, body: Buffer.from('{"ü":1}').toString('base64'), isBase64Encoded: true }).body.toString()).toBe('{"ü":1}');
});

test.each([['/prod/predict', 'prod', '/predict'], ['/prod', 'prod', '/'], ['/production', 'prod', '/production'], ['/predict', '$default', '/predict']])('the path %s of stage %s', (rawPath, stage, path) => {
  expect(request({ ...version2, rawPath, requestContext: { ...version2.requestContext, stage } }).path).toBe(path);
});

test('a function URL sends neither stage nor body', () => {
  expect(request({ version: '2.0', rawPath: '/health', requestContext: { http: { method: 'GET' } } })).toMatchObject({ method: 'GET', requestId: 'lambda-1', headers: {} });
});

test('payload version 1', () => {
  const event = { httpMethod: 'post', path: '/predict', headers: { 'Content-Type': 'application/json' }, multiValueHeaders: { 'Content-Type': ['application/json'], 'X-Many': ['a', 'b'] }, requestContext: { requestId: 'r1' }, body: null, isBase64Encoded: false };
  expect(request(event)).toMatchObject({ method: 'POST', path: '/predict', requestId: 'r1', headers: { 'content-type': 'application/json', 'x-many': 'a,b' } });
  expect(request({ ...event, headers: null, multiValueHeaders: null }).headers).toEqual({});
});

test('another event is refused', () => {
  expect(() => request({ Records: [] })).toThrow('expected an HTTP event');
});

test('the query', () => {
  expect(request({ ...version2, rawQueryString: 'model_version=3&a=%20' }).query).toBe('model_version=3&a=%20');
  const event = { httpMethod: 'POST', path: '/predict', queryStringParameters: { a: '2' } };
  expect(request(event).query).toBe('a=2');
  expect(request({ ...event, multiValueQueryStringParameters: { a: ['1', '2 ü'] } }).query).toBe('a=1&a=2+%C3%BC');
  expect(request({ ...event, queryStringParameters: null }).query).toBe('');
});
