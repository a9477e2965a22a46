import { CancelMessageMoveTaskCommand, ListDeadLetterSourceQueuesCommand, ListMessageMoveTasksCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSqs } from '../../../local/services/sqs/index.ts';
import { openBench, type Bench } from './harness.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';

let clock: ManualClock;
let bench: Bench;
let sqs: SQSClient;
const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:Test-${name}`;
const urlOf = (name: string): string => `${bench.context.endpoint()}/000000000000/Test-${name}`;

beforeEach(async () => {
  clock = manualClock();
  bench = await openBench({ modules: [createSqs], clock });
  sqs = new SQSClient(bench.client);
  await bench.provision('AWS::SQS::Queue', 'Dead', {});
  for (const name of ['A', 'B']) await bench.provision('AWS::SQS::Queue', name, { RedrivePolicy: { deadLetterTargetArn: arnOf('Dead'), maxReceiveCount: 1 } });
});

afterEach(async () => {
  sqs.destroy();
  await bench.close();
});

const send = (name: string, body: string) => sqs.send(new SendMessageCommand({ QueueUrl: urlOf(name), MessageBody: body }));
const receive = async (name: string) => (await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf(name), MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }))).Messages ?? [];
const bodies = async (name: string): Promise<(string | undefined)[]> => (await receive(name)).map(({ Body }) => Body);
const start = (options: object = {}) => sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('Dead'), ...options }));
const tasks = async () => (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf('Dead'), MaxResults: 10 }))).Results ?? [];
const status = async (): Promise<string | undefined> => (await tasks())[0]?.Status;

/** Sends messages and receives them so often that they land in the dead-letter queue. */
async function kill(name: string, ...messages: string[]): Promise<void> {
  for (const message of messages) await send(name, message);
  await receive(name);
  clock.advance(30_000);
  await receive(name);
}

it('takes dead letters back to where each came from, as new messages', async () => {
  await kill('A', 'a1', 'a2');
  await kill('B', 'b1');
  expect((await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: urlOf('Dead') }))).queueUrls).toEqual([urlOf('A'), urlOf('B')]);
  const { TaskHandle } = await start();
  expect(TaskHandle).toEqual(expect.any(String));
  await expect.poll(status).toBe('COMPLETED');
  expect((await tasks())[0]).toMatchObject({ SourceArn: arnOf('Dead'), ApproximateNumberOfMessagesMoved: 3, ApproximateNumberOfMessagesToMove: 3, StartedTimestamp: clock.now().getTime() });
  const [first] = await receive('A');
  expect(first).toMatchObject({ Body: 'a1', Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(clock.now().getTime()) } });
  expect(first?.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
  expect([await bodies('B'), await bodies('Dead')]).toEqual([['b1'], []]);
});

it('takes them to another queue, at a rate, until it is cancelled', async () => {
  await bench.provision('AWS::SQS::Queue', 'Other', {});
  await kill('A', 'a1', 'a2', 'a3');
  const { TaskHandle } = await start({ DestinationArn: arnOf('Other'), MaxNumberOfMessagesPerSecond: 1 });
  await expect.poll(async () => (await tasks())[0]?.ApproximateNumberOfMessagesMoved).toBe(1);
  await expect(start()).rejects.toMatchObject({ name: 'UnsupportedOperation' });
  clock.advance(1000);
  await expect.poll(async () => (await tasks())[0]?.ApproximateNumberOfMessagesMoved).toBe(2);
  expect(await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: TaskHandle! }))).toMatchObject({ ApproximateNumberOfMessagesMoved: 2 });
  clock.advance(1000);
  expect([await status(), await bodies('Other'), await bodies('Dead')]).toEqual(['CANCELLED', ['a1', 'a2'], ['a3']]);
  await expect(sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: TaskHandle! }))).rejects.toMatchObject({ name: 'UnsupportedOperation' });
});

it('goes on after the laptop was restarted', async () => {
  await kill('A', 'a1', 'a2');
  await start({ MaxNumberOfMessagesPerSecond: 1 });
  await expect.poll(async () => (await tasks())[0]?.ApproximateNumberOfMessagesMoved).toBe(1);
  const { stateDirectory } = bench.context;
  await bench.close({ keep: true });
  sqs.destroy();
  bench = await openBench({ modules: [createSqs], clock, stateDirectory });
  sqs = new SQSClient(bench.client);
  await bench.ready();
  clock.advance(1000);
  await expect.poll(async () => (await tasks())[0]?.ApproximateNumberOfMessagesMoved).toBe(2);
  expect(await bodies('A')).toEqual(['a1', 'a2']);
});

it('refuses what is no dead-letter queue, and fails for a message that came from nowhere', async () => {
  await expect(start({ SourceArn: arnOf('A') })).rejects.toThrow('must be configured as a Dead Letter Queue');
  await expect(start({ SourceArn: arnOf('None') })).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await send('Dead', 'by hand');
  await start();
  await expect.poll(status).toBe('FAILED');
  expect((await tasks())[0]).toMatchObject({ FailureReason: 'CouldNotDetermineMessageSource' });
  expect(await bodies('Dead')).toEqual(['by hand']);
});
