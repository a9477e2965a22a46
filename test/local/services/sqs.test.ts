import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  type ReceiveMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqs } from '../../../local/services/sqs/index.ts';
import { temporaryDirectory } from '../support/assembly.ts';
import { testLaptop } from '../support/laptop.ts';
import { openBench, type Bench } from './harness.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';

let clock: ManualClock;
let bench: Bench;
let sqs: SQSClient;
let url: string;

beforeEach(async () => {
  clock = manualClock();
  bench = await openBench({ modules: [createSqs], clock });
  sqs = new SQSClient(bench.client);
  url = await queue('Jobs');
});

afterEach(async () => {
  sqs.destroy();
  await bench.close();
});

const queue = async (logicalId: string, properties: Record<string, unknown> = {}): Promise<string> => (await bench.provision('AWS::SQS::Queue', logicalId, properties)).physicalId;
const send = (body: string, to = url, more: object = {}) => sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: body, ...more }));
const receive = async (options: Partial<ReceiveMessageCommandInput> = {}) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'], ...options }))).Messages ?? [];
const bodies = async (options: Partial<ReceiveMessageCommandInput> = {}): Promise<(string | undefined)[]> => (await receive({ MaxNumberOfMessages: 10, ...options })).map(({ Body }) => Body);
const count = async (of = url): Promise<(string | undefined)[]> => {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: of, AttributeNames: ['All'] }));
  return [Attributes['ApproximateNumberOfMessages'], Attributes['ApproximateNumberOfMessagesNotVisible'], Attributes['ApproximateNumberOfMessagesDelayed']];
};

describe('AWS::SQS::Queue', () => {
  it('answers its URL and attributes, by which clients find it', async () => {
    const properties = { QueueName: 'orders', VisibilityTimeout: '45', DelaySeconds: 3, MessageRetentionPeriod: 1_209_600, ReceiveMessageWaitTimeSeconds: 2, MaximumMessageSize: 2048 };
    const { physicalId, attributes } = await bench.provision('AWS::SQS::Queue', 'Orders', properties);
    expect(physicalId).toBe(`${bench.context.endpoint()}/000000000000/orders`);
    expect(attributes).toEqual({ Arn: 'arn:aws:sqs:us-east-1:000000000000:orders', QueueName: 'orders', QueueUrl: physicalId });
    expect(await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders' }))).toMatchObject({ QueueUrl: physicalId });
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([url, physicalId]);
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'ord' }))).QueueUrls).toEqual([physicalId]);
    const found = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: physicalId, AttributeNames: ['All'] }));
    expect(found.Attributes).toMatchObject({ QueueArn: attributes['Arn'], VisibilityTimeout: '45', DelaySeconds: '3', MessageRetentionPeriod: '1209600', ReceiveMessageWaitTimeSeconds: '2', MaximumMessageSize: '2048', CreatedTimestamp: '1767225600' });
    const one = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: physicalId, AttributeNames: ['QueueArn'] }));
    expect(one.Attributes).toEqual({ QueueArn: attributes['Arn'] });
  });

  it('keeps its messages over an update, loses them with its removal, and refuses to be FIFO', async () => {
    await send('kept');
    await queue('Jobs', { VisibilityTimeout: 5 });
    expect(await count()).toEqual(['1', '0', '0']);
    await bench.remove('AWS::SQS::Queue', 'Jobs');
    await expect(receive()).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    await queue('Jobs');
    expect(await count()).toEqual(['0', '0', '0']);
    await expect(queue('First', { FifoQueue: true })).rejects.toThrow('Test-First is a FIFO queue, and the laptop serves standard queues only');
  });

  it('shows the policy that the template gives it', async () => {
    const document = { Version: '2012-10-17', Statement: [] };
    await bench.provision('AWS::SQS::QueuePolicy', 'Policy', { Queues: [url], PolicyDocument: document });
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['Policy'] }));
    expect(JSON.parse(Attributes?.['Policy'] ?? '')).toEqual(document);
  });
});

describe('messages', () => {
  it('arrive with attributes and digests that the SDK verifies', async () => {
    const attributes = { kind: { DataType: 'String', StringValue: 'ä' }, size: { DataType: 'Number', StringValue: '7' }, raw: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) } };
    const sent = await send('grüße', url, { MessageAttributes: attributes });
    const [message] = await receive();
    expect(message).toMatchObject({ MessageId: sent.MessageId, Body: 'grüße', MD5OfMessageAttributes: sent.MD5OfMessageAttributes, MessageAttributes: attributes });
    expect(message?.Attributes).toEqual({ SenderId: expect.stringContaining(':000000000000:'), SentTimestamp: '1767225600000', ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: '1767225600000' });
  });

  it('have the attribute digest of the SQS guide', async () => {
    // Worked out by hand with Python's hashlib and struct, from the guide's description.
    const { MD5OfMessageAttributes } = await send('x', url, { MessageAttributes: { b: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) }, a: { DataType: 'String', StringValue: 'one' } } });
    expect(MD5OfMessageAttributes).toBe('1ea7e600f93b22bf68d43bf341331c03');
  });

  it('are hidden while they are worked on, and come back', async () => {
    await send('a');
    await send('b');
    expect(await bodies()).toEqual(['a', 'b']);
    expect(await bodies()).toEqual([]);
    expect(await count()).toEqual(['0', '2', '0']);
    clock.advance(30_000);
    const [again] = await receive();
    expect(again).toMatchObject({ Body: 'a', Attributes: { ApproximateReceiveCount: '2', ApproximateFirstReceiveTimestamp: '1767225600000' } });
  });

  it('are gone once deleted, but not by a handle that a later reception replaced', async () => {
    await send('a');
    const [first] = await receive();
    clock.advance(30_000);
    const [second] = await receive();
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
    expect(await count()).toEqual(['0', '1', '0']);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle }));
    expect(await count()).toEqual(['0', '0', '0']);
    await expect(sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: 'nonsense' }))).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  it('stay hidden for as long as their receiver says', async () => {
    await send('a');
    const [message] = await receive({ VisibilityTimeout: 10 });
    const change = (seconds: number) => sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: seconds }));
    await change(60);
    clock.advance(59_000);
    expect(await bodies()).toEqual([]);
    await change(0);
    await expect(change(5)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['a']);
    expect(await bodies()).toEqual(['a']);
  });

  it('wait for their delay, and are lost when no one takes them', async () => {
    await send('late', url, { DelaySeconds: 10 });
    expect(await count()).toEqual(['0', '0', '1']);
    clock.advance(10_000);
    expect(await count()).toEqual(['1', '0', '0']);
    clock.advance(4 * 24 * 3600 * 1000);
    expect(await count()).toEqual(['0', '0', '0']);
    expect(await bodies()).toEqual([]);
  });

  it('go to the dead-letter queue when they were received too often', async () => {
    const dead = await queue('Dead');
    const arn = 'arn:aws:sqs:us-east-1:000000000000:Test-Jobs';
    await queue('Jobs', { RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:Test-Dead', maxReceiveCount: 2 }, VisibilityTimeout: 1 });
    const { MessageId } = await send('poison');
    for (const expected of [['poison'], ['poison'], []]) {
      expect(await bodies()).toEqual(expected);
      clock.advance(1000);
    }
    expect(await receive({ QueueUrl: dead })).toMatchObject([{ MessageId, Body: 'poison', Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1767225600000', DeadLetterQueueSourceArn: arn } }]);
    expect(bench.events).toContainEqual({ type: 'service', service: 'sqs', name: 'MessageMovedToDeadLetterQueue', detail: { messageId: MessageId, sourceArn: arn, targetArn: 'arn:aws:sqs:us-east-1:000000000000:Test-Dead' } });
  });

  it('survive the laptop, whatever port the next one has, but not the queue', async () => {
    const stateDirectory = temporaryDirectory();
    const template = { Resources: { Jobs: { Type: 'AWS::SQS::Queue' } } };
    const visit = async (resources: object, work: (client: SQSClient, queueUrl: string) => Promise<void>) => {
      const laptop = await testLaptop({ Stack: resources }, { stateDirectory });
      const client = new SQSClient(laptop.client);
      await work(client, `${laptop.awsEndpoint}/000000000000/${(await client.send(new ListQueuesCommand({}))).QueueUrls?.[0]?.split('/').at(-1) ?? 'none'}`);
      client.destroy();
      await laptop.close();
    };
    await visit(template, async (client, QueueUrl) => void (await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }))));
    await visit(template, async (client, QueueUrl) => {
      expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toMatchObject([{ Body: 'kept' }]);
    });
    await visit({ Resources: {} }, async (_, QueueUrl) => expect(QueueUrl).toContain('/none'));
  });
});

describe('long polling', () => {
  /** Resolves when a receiver has looked in vain and waits. */
  const waiting = (): Promise<void> =>
    new Promise((resolve) => {
      const sleep = clock.sleep;
      clock.sleep = (...slept) => {
        resolve();
        return sleep(...slept);
      };
    });

  it('ends with the first message', async () => {
    const looking = waiting();
    const received = bodies({ WaitTimeSeconds: 20 });
    await looking;
    await send('now');
    expect(await received).toEqual(['now']);
  });

  it('ends with a message that comes back, or with none when the time is over', async () => {
    await queue('Jobs', { ReceiveMessageWaitTimeSeconds: 20 });
    await send('back');
    expect(await bodies({ VisibilityTimeout: 5 })).toEqual(['back']);
    const looking = waiting();
    const received = bodies();
    await looking;
    clock.advance(5000);
    expect(await received).toEqual(['back']);
    const again = waiting();
    const none = bodies();
    await again;
    clock.advance(20_000);
    expect(await none).toEqual([]);
  });

  it('takes nothing for a client that went away', async () => {
    const gone = new AbortController();
    const looking = waiting();
    const received = sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), { abortSignal: gone.signal });
    await looking;
    const ended = new Promise<void>((resolve) => {
      const { push } = bench.events;
      bench.events.push = (...events) => {
        if (events.some((event) => event.type === 'call' && event.operation === 'ReceiveMessage')) resolve();
        return push.apply(bench.events, events);
      };
    });
    gone.abort();
    await expect(received).rejects.toMatchObject({ name: 'AbortError' });
    await ended;
    await send('for another');
    expect(await bodies()).toEqual(['for another']);
  });

  it('ends with the laptop', async () => {
    const looking = waiting();
    const received = bench.context.dispatch({ service: 'sqs', operation: 'ReceiveMessage', input: { QueueUrl: url, WaitTimeSeconds: 20 }, caller: bench.context.identity.operator });
    await looking;
    await bench.close({ keep: true });
    expect(await received).toEqual({});
    bench = await openBench({ modules: [createSqs], clock, stateDirectory: bench.context.stateDirectory });
  });
});

describe('batches', () => {
  it('do each entry by itself', async () => {
    const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: 'a', MessageBody: 'a' }, { Id: 'b', MessageBody: '\u0000' }, { Id: 'c', MessageBody: 'c', DelaySeconds: 0 }] }));
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(sent.Failed).toMatchObject([{ Id: 'b', Code: 'InvalidMessageContents', SenderFault: true }]);
    const received = await receive({ MaxNumberOfMessages: 10 });
    const Entries = received.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: [...Entries, { Id: 'x', ReceiptHandle: '?' }] }));
    expect(deleted).toMatchObject({ Successful: [{ Id: '0' }, { Id: '1' }], Failed: [{ Id: 'x', Code: 'ReceiptHandleIsInvalid' }] });
    expect(await count()).toEqual(['0', '0', '0']);
  });

  it.each([
    ['EmptyBatchRequest', []],
    ['TooManyEntriesInBatchRequest', Array.from({ length: 11 }, (_, index) => ({ Id: String(index), MessageBody: 'x' }))],
    ['BatchEntryIdsNotDistinct', [{ Id: 'a', MessageBody: 'x' }, { Id: 'a', MessageBody: 'y' }]],
    ['InvalidBatchEntryId', [{ Id: 'a b', MessageBody: 'x' }]],
    ['BatchRequestTooLong', [{ Id: 'a', MessageBody: 'x'.repeat(600_000) }, { Id: 'b', MessageBody: 'x'.repeat(600_000) }]],
  ])('are refused with %s', async (name, Entries) => {
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))).rejects.toMatchObject({ name });
  });
});

describe('refusals', () => {
  it('name what is wrong', async () => {
    await expect(send('x', `${url}-not`)).rejects.toMatchObject({ name: 'QueueDoesNotExist', message: 'The specified queue does not exist.' });
    await expect(receive({ MaxNumberOfMessages: 11 })).rejects.toThrow('Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.');
    await expect(receive({ WaitTimeSeconds: 21 })).rejects.toThrow('WaitTimeSeconds');
    await expect(send('x', url, { DelaySeconds: 901 })).rejects.toThrow('DelaySeconds');
    await expect(send('')).rejects.toThrow('MessageBody');
    await expect(send('x'.repeat(1_048_577))).rejects.toThrow('Message must be shorter than 1048576 bytes, found 1048577');
    await expect(send('x', url, { MessageAttributes: { a: { DataType: 'Number', StringValue: 'one' } } })).rejects.toThrow("Could not cast 'one' to a number");
  });
});

it('speaks the query protocol of older clients', async () => {
  const authorization = `AWS4-HMAC-SHA256 Credential=${bench.client.credentials.accessKeyId}/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0`;
  const ask = async (form: Record<string, string>): Promise<string> => {
    const response = await fetch(bench.client.endpoint, { method: 'POST', headers: { authorization }, body: new URLSearchParams({ Version: '2012-11-05', QueueUrl: url, ...form }) });
    return response.text();
  };
  expect(await ask({ Action: 'SendMessage', MessageBody: 'query', 'MessageAttribute.1.Name': 'kind', 'MessageAttribute.1.Value.DataType': 'String', 'MessageAttribute.1.Value.StringValue': 'old' })).toContain('<MD5OfMessageBody>1b1cc7f086b3f074da452bc3129981eb</MD5OfMessageBody>');
  expect(await ask({ Action: 'ReceiveMessage', 'MessageAttributeName.1': 'All', 'AttributeName.1': 'SentTimestamp' })).toMatch(/<Body>query<\/Body>.*<Name>SentTimestamp<\/Name><Value>1767225600000<\/Value>.*<StringValue>old<\/StringValue>/s);
  expect(await ask({ Action: 'ReceiveMessage', QueueUrl: `${url}-not` })).toContain('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
});

it('empties a queue at once', async () => {
  await send('a');
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
  expect(await bodies()).toEqual([]);
});
