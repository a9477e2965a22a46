import { GetEventSourceMappingCommand, LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLambda } from '../../../local/services/lambda/index.ts';
import { failedIds, passesFilters } from '../../../local/services/lambda/event-sources/sqs-event.ts';
import { createSqs } from '../../../local/services/sqs/index.ts';
import { openBench, role, type Bench } from './harness.ts';

let bench: Bench;
let sqs: SQSClient;
let lambda: LambdaClient;
let queueUrl: string;
let queueArn: string;
let deadUrl: string;

beforeEach(async () => {
  bench = await openBench({ modules: [createSqs, createLambda] });
  sqs = new SQSClient(bench.client);
  lambda = new LambdaClient(bench.client);
  const dead = await bench.provision('AWS::SQS::Queue', 'Dead', {});
  deadUrl = dead.physicalId;
  const queue = await bench.provision('AWS::SQS::Queue', 'Jobs', { VisibilityTimeout: 3, RedrivePolicy: { deadLetterTargetArn: dead.attributes['Arn'], maxReceiveCount: 2 } });
  queueUrl = queue.physicalId;
  queueArn = String(queue.attributes['Arn']);
});

afterEach(async () => {
  sqs.destroy();
  lambda.destroy();
  await bench.close();
});

const deploy = (body: string, more: Record<string, unknown> = {}) =>
  bench.provision('AWS::Lambda::Function', 'Fn', { Code: { ZipFile: `exports.handler = async (event, context) => { console.log('BATCH ' + JSON.stringify(event.Records.map(({ body }) => body))); ${body} };` }, Handler: 'index.handler', Runtime: 'nodejs24.x', Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'], Role: role, Timeout: 3, ...more });
const map = (more: Record<string, unknown> = {}) => bench.provision('AWS::Lambda::EventSourceMapping', 'Mapping', { EventSourceArn: queueArn, FunctionName: 'Test-Fn', ...more });
const send = (MessageBody: string, more: object = {}) => sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, ...more }));
const left = async (url = queueUrl): Promise<number> => {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  return Number(Attributes['ApproximateNumberOfMessages']) + Number(Attributes['ApproximateNumberOfMessagesNotVisible']);
};
/** The bodies of each batch that the function saw. */
const batches = (): string[][] => bench.events.flatMap((event) => {
  const line = event.type === 'service' && event.name === 'FunctionLog' ? /BATCH (.*)$/.exec(String(event.detail['line']))?.[1] : undefined;
  return line === undefined ? [] : [JSON.parse(line) as string[]];
});

describe('a queue that feeds a function', () => {
  it('hands it records as AWS does, and deletes what it managed', async () => {
    await deploy('console.log("RECORD " + JSON.stringify(event.Records[0]));');
    await map();
    await send('hello', { MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } } });
    await bench.ready();
    await expect.poll(() => left(), { timeout: 5000 }).toBe(0);
    const line = bench.events.flatMap((event) => (event.type === 'service' && event.name === 'FunctionLog' ? [String(event.detail['line'])] : [])).find((text) => text.includes('RECORD'))!;
    expect(JSON.parse(line.slice(line.indexOf('RECORD ') + 7))).toEqual({
      messageId: expect.any(String) as unknown,
      receiptHandle: expect.any(String) as unknown,
      body: 'hello',
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.any(String) as unknown, SenderId: expect.any(String) as unknown, ApproximateFirstReceiveTimestamp: expect.any(String) as unknown },
      messageAttributes: { n: { stringValue: '1', stringListValues: [], binaryListValues: [], dataType: 'Number' } },
      md5OfMessageAttributes: expect.any(String) as unknown,
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: 'us-east-1',
    });
    expect(bench.events).toContainEqual(expect.objectContaining({ type: 'call', operation: 'ReceiveMessage', callerArn: 'arn:aws:sts::000000000000:assumed-role/tester/Test-Fn' }));
  });

  it('gathers a batch over several receptions within its window', async () => {
    await deploy('');
    await map({ BatchSize: 15, MaximumBatchingWindowInSeconds: 1 });
    const entries = (from: number) => Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: String(from + index) }));
    for (const from of [0, 10]) await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries(from) }));
    await bench.ready();
    await expect.poll(() => batches().map(({ length }) => length), { timeout: 5000 }).toEqual([15, 5]);
  });

  it('takes back what fails alone, and lets only that reach the dead-letter queue', async () => {
    await deploy('return { batchItemFailures: event.Records.filter(({ body }) => body === "poison").map(({ messageId }) => ({ itemIdentifier: messageId })) };', { Timeout: 1 });
    await bench.provision('AWS::SQS::Queue', 'Jobs', { VisibilityTimeout: 1, RedrivePolicy: { deadLetterTargetArn: queueArn.replace('Jobs', 'Dead'), maxReceiveCount: 2 } });
    await map({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
    for (const body of ['a', 'poison', 'b']) await send(body);
    await bench.ready();
    await expect.poll(() => left(deadUrl), { timeout: 8000 }).toBe(1);
    expect(await left()).toBe(0);
    expect(batches().flat().sort()).toEqual(['a', 'b', 'poison', 'poison']);
  });

  it('runs no more batches at once than its maximum concurrency', async () => {
    await deploy('await new Promise((resolve) => setTimeout(resolve, 200));');
    await map({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    for (let index = 0; index < 6; index += 1) await send(String(index));
    const started = performance.now();
    await bench.ready();
    await expect.poll(() => left(), { timeout: 5000 }).toBe(0);
    expect(performance.now() - started).toBeGreaterThan(590);
    expect(batches()).toHaveLength(6);
  });

  it('is switched off and on by the API, until the template says something else', async () => {
    await deploy('');
    const { physicalId: UUID } = await map();
    await bench.ready();
    expect(await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }))).toMatchObject({ State: 'Disabled', BatchSize: 10 });
    await map();
    expect((await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State).toBe('Disabled');
    await send('waits');
    expect((await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'Test-Fn' }))).EventSourceMappings).toHaveLength(1);
    await expect(lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 11 }))).rejects.toThrow('needs a MaximumBatchingWindowInSeconds');
    expect(await left()).toBe(1);
    await map({ BatchSize: 5 });
    await expect.poll(() => left(), { timeout: 5000 }).toBe(0);
  });

  it('is refused where Lambda would refuse it', async () => {
    await deploy('', { Timeout: 4 });
    await expect(map()).rejects.toThrow('Queue visibility timeout: 3 seconds is less than Function timeout: 4 seconds');
    await deploy('');
    await expect(map({ BatchSize: 20, ScalingConfig: { MaximumConcurrency: 1 }, FunctionResponseTypes: ['X'] })).rejects.toThrow(/MaximumConcurrency is 1.*BatchSize is 20.*FunctionResponseTypes has "X"/);
    await map({ EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' });
    expect(bench.events).toContainEqual({ type: 'notice', message: expect.stringContaining('only queues feed functions') as unknown });
  });
});

describe('what a function answers', () => {
  const of = (answer: unknown): readonly string[] => failedIds(Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)), ['1', '2']);

  it('names the failed items, or fails them all by nonsense', () => {
    expect([of(null), of({}), of({ batchItemFailures: [] }), of({ batchItemFailures: null })]).toEqual([[], [], [], []]);
    expect(of({ batchItemFailures: [{ itemIdentifier: '2' }] })).toEqual(['2']);
    for (const bad of [{ batchItemFailures: [{ itemIdentifier: '' }] }, { batchItemFailures: [{ itemIdentifier: '3' }] }, { batchItemFailures: [{}] }, { batchItemFailures: [null] }, { batchItemFailures: 'x' }]) expect(of(bad)).toEqual(['1', '2']);
  });

  it('is not asked about messages that no filter lets through', () => {
    const filtered = (body: string): boolean => passesFilters({ FunctionName: 'f', FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["a"]}}' }, { Pattern: '{"body":{"n":[{"numeric":[">",5]}]}}' }] } }, { messageId: 'm', body });
    expect(['{"kind":"a"}', '{"n":6}', '{"n":5}', 'text'].map(filtered)).toEqual([true, true, false, false]);
  });
});
