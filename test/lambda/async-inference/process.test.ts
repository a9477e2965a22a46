import { describe, expect, it } from 'vitest';
import type { QueueMessage } from '../../../lambda/async-inference/message.ts';
import { InputTooLarge, processMessage, type WorkerPorts } from '../../../lambda/async-inference/process.ts';
import type { HttpRequest, HttpResponse } from '../../../model/serving/http/message.ts';
import { DataNotFound } from '../../../lambda/shared/errors.ts';

const now = 1_700_000_000_000;

class World implements WorkerPorts {
  readonly asked: HttpRequest[] = [];
  readonly answers = new Map<string, string>();
  readonly failures = new Map<string, { error: { code: string; message: string; requestId: string } }>();
  response: HttpResponse = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"predictions":[1]}' };
  input: Buffer | Error = Buffer.from('from S3');

  now = () => now;
  isAnswered = (id: string) => Promise.resolve(this.answers.has(id));
  readInput = () => (this.input instanceof Error ? Promise.reject(this.input) : Promise.resolve(this.input));
  keepAnswer = (id: string, { body }: HttpResponse) => Promise.resolve(void this.answers.set(id, String(body)));
  keepFailure = (id: string, body: string) => Promise.resolve(void this.failures.set(id, JSON.parse(body) as never));
  predict = (request: HttpRequest) => {
    this.asked.push(request);
    return Promise.resolve(this.response);
  };

  async take(body: unknown, receives = 1, sentAt = now): Promise<string> {
    const message: QueueMessage = { messageId: 'message-1', body: typeof body === 'string' ? body : JSON.stringify(body), attributes: { ApproximateReceiveCount: receives, SentTimestamp: sentAt } };
    try {
      await processMessage(message, this, 3);
      return 'done';
    } catch (error) {
      return (error as Error).message;
    }
  }
}

describe('a request of the queue', () => {
  it('is asked as POST /invocations, and its answer kept under its id', async () => {
    const world = new World();
    expect(await world.take({ InferenceId: 'a', Input: { instances: [[1]] }, Accept: 'text/csv', CustomAttributes: 'x' })).toBe('done');
    expect(world.asked[0]).toMatchObject({ method: 'POST', path: '/invocations', headers: { 'content-type': 'application/json', accept: 'text/csv', 'x-amzn-sagemaker-custom-attributes': 'x' }, requestId: 'a' });
    expect(world.asked[0]?.body.toString()).toBe('{"instances":[[1]]}');
    expect([...world.answers]).toEqual([['a', '{"predictions":[1]}']]);
    expect(world.failures.size).toBe(0);
  });

  it('has the id of its message where it names none, and its input by its location', async () => {
    const world = new World();
    await world.take({ InputLocation: 's3://bucket/in.csv', ContentType: 'text/csv' });
    expect(world.asked[0]?.body.toString()).toBe('from S3');
    expect([...world.answers.keys()]).toEqual(['message-1']);
  });

  it('that was answered is not asked again: redelivered, redriven or sent twice', async () => {
    const world = new World();
    for (let delivery = 0; delivery < 3; delivery += 1) expect(await world.take({ InferenceId: 'a', Input: '1' })).toBe('done');
    expect(world.asked).toHaveLength(1);
  });

  it('that the model refuses is done with: its sender finds the reason', async () => {
    const world = new World();
    world.response = { status: 400, headers: {}, body: '{"error":{"code":"InvalidBody","message":"m","requestId":"a"}}' };
    expect(await world.take({ InferenceId: 'a', Input: '1' })).toBe('done');
    expect(world.failures.get('a')?.error.code).toBe('InvalidBody');
    expect(world.answers.size).toBe(0);
  });

  it.each<[string, Error, string]>([
    ['is missing', new DataNotFound('s3://b/k does not exist.'), 'InputNotFound'],
    ['is too large', new InputTooLarge('s3://b/k has 9 bytes.'), 'BodyTooLarge'],
  ])('whose input %s is done with', async (_, input, code) => {
    const world = new World();
    world.input = input;
    expect(await world.take({ InferenceId: 'a', InputLocation: 's3://b/k' })).toBe('done');
    expect(world.failures.get('a')?.error).toMatchObject({ code, requestId: 'a' });
  });

  it('that came too late is done with, and not asked', async () => {
    const world = new World();
    expect(await world.take({ InferenceId: 'a', Input: '1', RequestTTLSeconds: 60 }, 1, now - 61_000)).toBe('done');
    expect([world.failures.get('a')?.error.code, world.asked.length]).toEqual(['RequestExpired', 0]);
    expect(await world.take({ InferenceId: 'b', Input: '1', RequestTTLSeconds: 60 }, 1, now - 60_000)).toBe('done');
    expect(world.answers.has('b')).toBe(true);
  });

  it('that cannot be answered now is handed out again; its sender is told once it is put aside', async () => {
    const world = new World();
    world.response = { status: 503, headers: {}, body: 'not ready' };
    expect(await world.take({ InferenceId: 'a', Input: '1' }, 2)).toMatch(/does not answer \(503\): not ready/);
    expect(world.failures.size).toBe(0);
    expect(await world.take({ InferenceId: 'a', Input: '1' }, 3)).toMatch(/503/);
    expect(world.failures.get('a')?.error.code).toBe('NotAnswered');
    world.response = { status: 200, headers: {}, body: '1' };
    expect(await world.take({ InferenceId: 'a', Input: '1' }, 1)).toBe('done');
    expect(world.answers.get('a')).toBe('1');
  });

  it.each<[unknown, RegExp]>([
    ['no JSON', /no JSON, expected \{"InputLocation"/],
    [{}, /message: expected either InputLocation.* or Input/],
    [{ Input: '1', InputLocation: 's3://b/k' }, /expected either InputLocation/],
    [{ InputLocation: 'http://b/k' }, /message\.InputLocation: expected s3:/],
    [{ Input: '1', InferenceId: '../x' }, /message\.InferenceId: expected up to 64 letters/],
    [{ Input: '1', RequestTTLSeconds: 1 }, /message\.RequestTTLSeconds/],
    [{ Input: '1', Prompt: 'x' }, /Prompt/],
    [null, /message/],
  ])('%j is put aside, with the reason under the message', async (body, reason) => {
    const world = new World();
    expect(await world.take(body)).toMatch(reason);
    expect(world.failures.size).toBe(0);
    await world.take(body, 3);
    expect(world.failures.get('message-1')?.error.message).toMatch(reason);
  });
});
