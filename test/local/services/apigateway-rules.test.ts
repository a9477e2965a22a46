import { describe, expect, it } from 'vitest';
import { accessLogLine } from '../../../local/services/apigateway/access-log.ts';
import { answerOf } from '../../../local/services/apigateway/answer.ts';
import { matchRoute, parseRouteKey } from '../../../local/services/apigateway/routes.ts';
import { TokenBucket } from '../../../local/services/apigateway/throttle.ts';

describe('matchRoute', () => {
  const find = (keys: string[], method: string, path: string) => {
    const match = matchRoute(keys.map(parseRouteKey), method, path);
    return match && [match.route.routeKey, match.pathParameters];
  };
  const keys = ['$default', 'ANY /{proxy+}', 'GET /pets/{proxy+}', 'GET /pets/dog/{id}', 'GET /pets/dog/1', 'ANY /pets/dog/1'];

  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['POST', '/pets/dog/1', 'ANY /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['GET', '/', '$default', {}],
    ['GET', '/pets/dog/a%2Fb%20c', 'GET /pets/dog/{id}', { id: 'a/b c' }],
  ])('takes %s %s by %s', (method, path, key, parameters) => {
    expect(find(keys, method, path)).toEqual([key, parameters]);
    expect(find(keys.toReversed(), method, path)).toEqual([key, parameters]);
  });

  it('prefers a full match by variables to a greedy one with more literal text', () => {
    expect(find(['GET /x/{proxy+}', 'GET /{a}/b'], 'GET', '/x/b')?.[0]).toBe('GET /{a}/b');
  });

  it('matches neither an empty variable, a slash at the end, nor half a path', () => {
    expect(find(['GET /pets/{id}', 'GET /a'], 'GET', '/pets/')).toBeUndefined();
    expect(find(['GET /a'], 'GET', '/a/')).toBeUndefined();
    expect(find(['GET /a/b'], 'GET', '/a')).toBeUndefined();
    expect(find(['GET /a/{proxy+}'], 'GET', '/a')).toBeUndefined();
  });

  it('refuses what is no route key', () => {
    expect(() => parseRouteKey('pets')).toThrow('"pets" is no route key');
  });
});

describe('answerOf', () => {
  it('takes any value without a status code for a JSON body', () => {
    for (const payload of ['{"a":1}', '"text"', '[1,2]', 'null']) expect(answerOf(payload, '2.0', 'text/plain')).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' }, body: payload });
  });

  it('takes status, headers, cookies and binary bodies', () => {
    const result = { statusCode: 201, headers: { 'X-Number': 1, 'Content-Type': 'image/png' }, cookies: ['a=1', 'b=2'], body: Buffer.from([0, 255]).toString('base64'), isBase64Encoded: true };
    expect(answerOf(JSON.stringify(result), '2.0', 'text/plain')).toEqual({ status: 201, headers: { 'x-number': '1', 'content-type': 'image/png', 'set-cookie': ['a=1', 'b=2'] }, body: Buffer.from([0, 255]) });
  });

  it('takes several values of a header in format 1.0, which must have a status code', () => {
    expect(answerOf(JSON.stringify({ statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] } }), '1.0', 'text/plain').headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'] });
    expect(() => answerOf('{"a":1}', '1.0', 'text/plain')).toThrow('Internal Server Error');
  });

  it.each([{ statusCode: 'x' }, { statusCode: 200, body: {} }, { statusCode: 200, headers: { a: {} } }, { statusCode: 200, headers: ['a'] }, { statusCode: 200, headers: { 'x-a': 'b\r\nx-c: d' } }, { statusCode: 101 }, { statusCode: 200, cookies: 'a=1' }])('refuses %j', (result) => {
    expect(() => answerOf(JSON.stringify(result), '2.0', 'text/plain')).toThrow('Internal Server Error');
  });
});

describe('accessLogLine', () => {
  it('fills in variables, a dash for what is not there, and stays JSON', () => {
    const format = '{"status":"$context.status","agent":"$context.identity.userAgent","who":"$context.identity.caller","error":$context.error.messageString}';
    const line = accessLogLine(format, { status: 200, 'identity.userAgent': 'a"b\\', 'error.messageString': '"Not Found"' });
    expect(JSON.parse(line)).toEqual({ status: '200', agent: 'a"b\\', who: '-', error: 'Not Found' });
  });

  it('keeps a text format on one line', () => {
    expect(accessLogLine('$context.path. [$context.requestTime] $context.status', { path: '/a\nb', status: 200 })).toBe('/a b. [-] 200');
  });
});

describe('TokenBucket', () => {
  it('lets a burst through and refills at its rate', () => {
    const bucket = new TokenBucket(2, 3, 0);
    expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, true, false]);
    expect([500, 500, 60_000, 60_000, 60_000, 60_000].map((now) => bucket.take(now))).toEqual([true, false, true, true, true, false]);
    expect(new TokenBucket(10, 0, 0).take(1000)).toBe(false);
  });
});
