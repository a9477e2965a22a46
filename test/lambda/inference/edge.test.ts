import { PassThrough, type Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { corsHeaders, preflight } from '../../../lambda/inference/cors.ts';
import { answerOf } from '../../../lambda/inference/response.ts';
import { streamed, type StreamingRuntime } from '../../../lambda/inference/streaming.ts';
import type { LambdaContext } from '../../../lambda/shared/task.ts';

const headers = { 'content-type': 'application/json' };

describe('a buffered answer', () => {
  it('holds text as it is, and bytes as base64', () => {
    expect(answerOf({ status: 200, headers, body: '{"ü":1}' }, 'r')).toEqual({ statusCode: 200, headers, body: '{"ü":1}', isBase64Encoded: false });
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte).subarray(3);
    const answer = answerOf({ status: 200, headers, body: bytes }, 'r');
    expect([answer.isBase64Encoded, Buffer.from(answer.body, 'base64').equals(bytes)]).toEqual([true, true]);
  });

  it('that Lambda would not take is refused, with what to do', () => {
    const tooLarge = answerOf({ status: 200, headers, body: '"'.repeat(4_000_000) }, 'r');
    expect([tooLarge.statusCode, JSON.parse(tooLarge.body)]).toEqual([413, { error: { code: 'AnswerTooLarge', message: expect.stringContaining('Send fewer rows') as string, requestId: 'r' } }]);
    expect(answerOf({ status: 200, headers, body: 'a'.repeat(6_000_000) }, 'r').statusCode).toBe(200);
    expect(answerOf({ status: 200, headers, body: new Uint8Array(5_000_000) }, 'r').statusCode).toBe(413);
  });
});

describe('a streamed answer', () => {
  async function stream(body: string | Uint8Array) {
    const chunks: Buffer[] = [];
    let prelude: unknown;
    const runtime: StreamingRuntime<(event: unknown, stream: Writable, context: LambdaContext) => Promise<void>> = {
      streamifyResponse: (handler) => handler,
      HttpResponseStream: { from: (out, given) => ((prelude = given), out) },
    };
    const out = new PassThrough();
    out.on('data', (chunk: Buffer) => chunks.push(chunk));
    await streamed(runtime, () => Promise.resolve({ status: 202, headers, body }))({}, out, { awsRequestId: 'r', getRemainingTimeInMillis: () => 1 });
    return { prelude, chunks, body: Buffer.concat(chunks) };
  }

  it('brings status and headers first, then the body in parts, however large', async () => {
    const body = 'ü'.repeat(4_000_000);
    const answer = await stream(body);
    expect(answer.prelude).toEqual({ statusCode: 202, headers });
    expect(answer.body.equals(Buffer.from(body))).toBe(true);
    expect(answer.chunks.length).toBeGreaterThan(100);
  });

  it('brings bytes as they are, and an empty body as none', async () => {
    expect([...(await stream(Uint8Array.of(0, 255, 10))).body]).toEqual([0, 255, 10]);
    expect((await stream('')).body.length).toBe(0);
  });
});

describe('pages of other origins', () => {
  const cors = { origins: ['https://app.example.com'], headers: ['content-type'], expose: ['x-seen'], maxAgeSeconds: 60 };
  const ask = (origin: string, more: Record<string, string> = {}) => ({ method: 'OPTIONS', path: '/predict', query: '', headers: { origin, 'access-control-request-method': 'POST', ...more }, body: Buffer.alloc(0), requestId: 'r' });

  it('that may call are told so', () => {
    expect(preflight(cors, ask('https://app.example.com'))).toEqual({
      status: 204, body: '',
      headers: { vary: 'origin', 'access-control-allow-origin': 'https://app.example.com', 'access-control-expose-headers': 'x-seen', 'access-control-allow-methods': 'GET,POST', 'access-control-allow-headers': 'content-type', 'access-control-max-age': '60' },
    });
    expect(corsHeaders({ origins: ['*'] }, 'https://any')).toEqual({ vary: 'origin', 'access-control-allow-origin': '*' });
  });

  it('that may not are told nothing', () => {
    expect(preflight(cors, ask('https://evil.example.com'))).toEqual({ status: 204, headers: { vary: 'origin' }, body: '' });
    expect(corsHeaders(cors, 'https://evil.example.com')).toEqual({ vary: 'origin' });
  });

  it('are none of the function\'s business where the front door tells them', () => {
    expect([preflight({}, ask('https://app.example.com')), corsHeaders({}, 'https://app.example.com')]).toEqual([undefined, {}]);
    expect(preflight(cors, { ...ask('x'), method: 'POST' })).toBeUndefined();
  });
});
