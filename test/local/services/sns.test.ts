import { EventEmitter, once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
  type PublishCommandInput,
} from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaptopContext } from '../../../local/core/context.ts';
import { AwsError } from '../../../local/core/errors.ts';
import type { LaptopEvent } from '../../../local/core/events.ts';
import { createSns } from '../../../local/services/sns/index.ts';
import { createSqs } from '../../../local/services/sqs/index.ts';
import { fastClock, openBench, type Bench, type BenchOptions } from './harness.ts';

let bench: Bench;
let news: EventEmitter;
let sns: SNSClient;
let sqs: SQSClient;
let topic: string;
let invoked: { FunctionName: string; InvocationType: string; event: unknown }[];
let refusal: AwsError | undefined;

/** SNS and SQS, with a Lambda that writes down; `news` tells every event under its name or type. */
async function open(more: Partial<BenchOptions> = {}): Promise<void> {
  news = new EventEmitter();
  const announced = (context: LaptopContext) => {
    const emit = (event: LaptopEvent): void => {
      context.emit(event);
      news.emit(event.type === 'service' ? event.name : event.type, event);
    };
    return createSns({ ...context, emit });
  };
  const Invoke = ({ FunctionName, InvocationType, Payload }: { FunctionName: string; InvocationType: string; Payload: Uint8Array }) => {
    if (refusal) throw refusal;
    invoked.push({ FunctionName, InvocationType, event: JSON.parse(Buffer.from(Payload).toString()) });
    return { StatusCode: 202 };
  };
  bench = await openBench({ modules: [createSqs, announced], services: [{ name: 'lambda', operations: { Invoke } }], ...more });
  sns = new SNSClient(bench.client);
  sqs = new SQSClient(bench.client);
  topic = (await bench.provision('AWS::SNS::Topic', 'News', {})).physicalId;
}

beforeEach(async () => {
  invoked = [];
  refusal = undefined;
  await open();
});

afterEach(async () => {
  sns.destroy();
  sqs.destroy();
  await bench.close();
});

/** Resolves when as many deliveries have succeeded. */
const deliveries = (expected: number): Promise<void> =>
  new Promise((resolve) => {
    let seen = 0;
    news.on('NotificationDelivered', () => {
      seen += 1;
      if (seen === expected) resolve();
    });
  });
const publish = (more: Partial<PublishCommandInput> = {}) => sns.send(new PublishCommand({ TopicArn: topic, Message: 'hello', ...more }));
const subscribe = async (Protocol: string, Endpoint: string, more: Record<string, unknown> = {}): Promise<string> =>
  (await bench.provision('AWS::SNS::Subscription', `Of ${Endpoint}`, { TopicArn: topic, Protocol, Endpoint, ...more })).physicalId;
const queue = async (logicalId: string): Promise<{ url: string; arn: string }> => {
  const { physicalId: url, attributes } = await bench.provision('AWS::SQS::Queue', logicalId, { ReceiveMessageWaitTimeSeconds: 20 });
  return { url, arn: attributes['Arn'] as string };
};
const receive = async (QueueUrl: string): Promise<Message> => {
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }));
  return Messages![0]!;
};
const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:reader';
const journal = () => readFileSync(path.join(bench.context.stateDirectory, 'notifications.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown);

describe('topics and subscriptions', () => {
  it('are declared with names, attributes and policies that clients see', async () => {
    const document = { Version: '2012-10-17', Statement: [] };
    const { physicalId: arn, attributes } = await bench.provision('AWS::SNS::Topic', 'Alerts', { TopicName: 'alerts', DisplayName: 'Alerts', KmsMasterKeyId: 'alias/key' });
    expect([arn, attributes]).toEqual(['arn:aws:sns:us-east-1:000000000000:alerts', { TopicArn: arn, TopicName: 'alerts' }]);
    await bench.provision('AWS::SNS::TopicPolicy', 'Policy', { Topics: [arn], PolicyDocument: document });
    expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn: topic }, { TopicArn: arn }]);
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
    expect(Attributes).toMatchObject({ TopicArn: arn, Owner: '000000000000', DisplayName: 'Alerts', KmsMasterKeyId: 'alias/key', Policy: JSON.stringify(document), SubscriptionsConfirmed: '0' });
  });

  it('come from both forms of declaration, and go with the topic', async () => {
    const inline = (address: string) => bench.provision('AWS::SNS::Topic', 'News', { Subscription: [{ Protocol: 'email', Endpoint: address }] });
    await inline('first@example.com');
    const arn = await subscribe('lambda', functionArn, { FilterPolicy: { kind: ['a'] }, RawMessageDelivery: false, RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' } });
    await inline('second@example.com');
    const listed = async () => (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }))).Subscriptions?.map(({ Endpoint }) => Endpoint).sort();
    expect(await listed()).toEqual([functionArn, 'second@example.com']);
    expect((await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }))).Attributes).toMatchObject({
      Protocol: 'lambda', Endpoint: functionArn, TopicArn: topic, FilterPolicy: '{"kind":["a"]}', FilterPolicyScope: 'MessageAttributes', RawMessageDelivery: 'false',
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead"}',
    });
    await bench.remove('AWS::SNS::Topic', 'News');
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions ?? []).toEqual([]);
    await expect(listed()).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('can be made and unmade by the API, once each', async () => {
    const wish = new SubscribeCommand({ TopicArn: topic, Protocol: 'email', Endpoint: 'a@example.com', Attributes: { FilterPolicy: '{"n":[{"numeric":[">",1]}]}', FilterPolicyScope: 'MessageBody' } });
    const { SubscriptionArn } = await sns.send(wish);
    expect((await sns.send(wish)).SubscriptionArn).toBe(SubscriptionArn);
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await expect(sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('are listed page by page', async () => {
    for (let index = 0; index < 101; index += 1) await subscribe('email', `${index}@example.com`);
    const first = await sns.send(new ListSubscriptionsCommand({}));
    const second = await sns.send(new ListSubscriptionsCommand({ NextToken: first.NextToken }));
    expect([first.Subscriptions?.length, second.Subscriptions?.length, second.NextToken]).toEqual([100, 1, undefined]);
  });

  it.each([
    ['https', 'http://example.com', {}, 'none of the protocol https'],
    ['sqs', functionArn, {}, 'none of the protocol sqs'],
    ['email', 'nobody', {}, 'none of the protocol email'],
    ['email', 'a@b.c', { FilterPolicy: { kind: [{ like: 'a' }] } }, 'like'],
    ['email', 'a@b.c', { FilterPolicy: { kind: { deep: ['a'] } } }, 'does not support nested filter policy, found "kind"'],
    ['email', 'a@b.c', { FilterPolicy: '{' }, 'FilterPolicy: failed to parse JSON'],
    ['email', 'a@b.c', { FilterPolicyScope: 'Everything' }, 'found Everything'],
  ])('are refused: %s %s %j', async (protocol, endpoint, more, message) => {
    await expect(subscribe(protocol, endpoint, more)).rejects.toThrow(message);
  });

  it('are only declared where the laptop cannot deliver, and FIFO topics are refused', async () => {
    await subscribe('sms', '+15550100');
    expect(bench.events).toContainEqual({ type: 'notice', message: 'Of +15550100 is declared, but the laptop cannot deliver by sms: +15550100 will hear nothing.' });
    await expect(bench.provision('AWS::SNS::Topic', 'Fifo', { FifoTopic: true })).rejects.toThrow('Test-Fifo is a FIFO topic, and the laptop serves standard topics only');
  });
});

describe('Publish', () => {
  it('writes every message down, even when no one listens', async () => {
    const published = once(news, 'NotificationPublished');
    const { MessageId } = await publish({ Subject: 'Greetings', MessageAttributes: { kind: text('a') } });
    const entry = { at: expect.any(String), topicArn: topic, subject: 'Greetings', message: 'hello', attributes: { kind: { Type: 'String', Value: 'a' } }, messageId: MessageId, deliveries: [] };
    expect(await published).toMatchObject([{ service: 'sns', detail: entry }]);
    expect(journal()).toEqual([entry]);
  });

  it.each([
    ['NotFoundException', { TopicArn: 'arn:aws:sns:us-east-1:000000000000:absent' }],
    ['InvalidParameterException', { TopicArn: 'absent' }],
    ['InvalidParameterException', { Message: '' }],
    ['InvalidParameterException', { Message: 'x'.repeat(262_145) }],
    ['InvalidParameterException', { Subject: 'x'.repeat(101) }],
    ['InvalidParameterException', { Subject: 'grüße' }],
    ['InvalidParameterException', { Subject: 'two\nlines' }],
    ['InvalidParameterException', { MessageStructure: 'json', Message: '{"email":"a"}' }],
    ['InvalidParameterException', { MessageStructure: 'json', Message: 'text' }],
    ['InvalidParameterException', { PhoneNumber: '+15550100' }],
    ['InvalidParameterValueException', { MessageAttributes: { n: { DataType: 'Number', StringValue: 'one' } } }],
    ['InvalidParameterValueException', { MessageAttributes: { n: { DataType: 'String', StringValue: '' } } }],
  ])('is refused with %s', async (name, more) => {
    await expect(publish(more)).rejects.toMatchObject({ name });
  });

  it('takes what is just within the limits', async () => {
    await publish({ Message: 'x'.repeat(262_144), Subject: 'x'.repeat(100) });
    expect(journal()).toHaveLength(1);
  });

  it('takes batches, entry by entry', async () => {
    const answer = await sns.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: [{ Id: 'a', Message: 'one' }, { Id: 'b', Message: '' }] }));
    expect(answer).toMatchObject({ Successful: [{ Id: 'a', MessageId: expect.any(String) }], Failed: [{ Id: 'b', Code: 'InvalidParameter', SenderFault: true }] });
    await expect(sns.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: [] }))).rejects.toMatchObject({ name: 'EmptyBatchRequestException' });
  });
});

describe('deliveries', () => {
  it('reach functions as events of SNS, in their order', async () => {
    const arn = await subscribe('lambda', functionArn);
    const second = deliveries(2);
    const { MessageId } = await publish({ Subject: 'First', MessageAttributes: { kind: text('a') } });
    await publish({ Message: 'second' });
    await second;
    const sns = { Type: 'Notification', MessageId, TopicArn: topic, Subject: 'First', Message: 'hello', Timestamp: expect.any(String), MessageAttributes: { kind: { Type: 'String', Value: 'a' } } };
    expect(invoked).toMatchObject([
      { FunctionName: functionArn, InvocationType: 'Event', event: { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: arn, Sns: sns }] } },
      { event: { Records: [{ Sns: { Subject: null, Message: 'second', MessageAttributes: {} } }] } },
    ]);
    expect(journal()).toMatchObject([{ deliveries: [['lambda', functionArn]] }, {}]);
  });

  it('reach queues in an envelope, or raw with their attributes', async () => {
    const [wrapped, raw] = [await queue('Wrapped'), await queue('Raw')];
    await subscribe('sqs', wrapped.arn);
    await subscribe('sqs', raw.arn, { RawMessageDelivery: 'true' });
    const binary = { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) };
    const { MessageId } = await publish({ Subject: 'Hi', MessageAttributes: { kind: text('a'), bytes: binary } });
    expect(JSON.parse((await receive(wrapped.url)).Body!)).toMatchObject({ Type: 'Notification', MessageId, TopicArn: topic, Subject: 'Hi', Message: 'hello', MessageAttributes: { bytes: { Type: 'Binary', Value: 'AQI=' } } });
    expect(await receive(raw.url)).toMatchObject({ Body: 'hello', MessageAttributes: { kind: text('a'), bytes: binary } });
  });

  it('reach mail addresses as files in the outbox, with the text meant for them', async () => {
    await subscribe('email', 'team@example.com');
    await subscribe('email-json', 'machine@example.com');
    const delivered = deliveries(2);
    await publish({ Subject: 'churn: version 3 is served!', MessageStructure: 'json', Message: JSON.stringify({ default: 'for all', email: 'for people' }) });
    await delivered;
    const outbox = path.join(bench.context.stateDirectory, 'outbox');
    const mails = readdirSync(outbox).sort();
    expect(mails).toEqual(['000001-churn-version-3-is-served.txt', '000002-churn-version-3-is-served.txt']);
    const [person, machine] = mails.map((file) => readFileSync(path.join(outbox, file), 'utf8')).sort((left) => (left.includes('team@') ? -1 : 1));
    expect(person).toMatch(/^To: team@example\.com\n[^]*Subject: churn: version 3 is served!\n[^]*\n\nfor people\n$/);
    expect(JSON.parse(machine!.split('\n\n')[1]!)).toMatchObject({ Message: 'for all' });
  });

  it('go only to those whose filter they pass', async () => {
    const all = await queue('All');
    const some = await queue('Some');
    const body = await queue('Body');
    await subscribe('sqs', all.arn);
    await subscribe('sqs', some.arn, { FilterPolicy: { status: ['FAILED'], pipeline: [{ prefix: 'churn' }] } });
    await subscribe('sqs', body.arn, { FilterPolicy: { run: { rows: [{ numeric: ['>=', 10] }] } }, FilterPolicyScope: 'MessageBody' });
    await publish({ MessageAttributes: { status: text('DEPLOYED'), pipeline: text('churn-a') } });
    await publish({ Message: '{"run":{"rows":10}}' });
    await publish({ MessageAttributes: { status: text('FAILED'), pipeline: text('churn-b') } });
    const endpoints = (journal() as { deliveries: [string, string][] }[]).map(({ deliveries }) => deliveries.map(([, endpoint]) => endpoint.split('-').at(-1)).sort());
    expect(endpoints).toEqual([['All'], ['All', 'Body'], ['All', 'Some']]);
  });
});

describe('webhooks', () => {
  let server: Server;
  let answers: number[];
  let calls: { headers: IncomingHttpHeaders; body: string }[];
  let endpoint: string;

  beforeEach(async () => {
    [answers, calls] = [[], []];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        calls.push({ headers: request.headers, body });
        response.writeHead(answers.shift() ?? 200).end('thanks');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    await bench.close();
    await open({ clock: fastClock() });
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  it('are called with the envelope and headers of SNS, or raw', async () => {
    const arn = await subscribe('http', endpoint);
    const delivered = deliveries(1);
    const { MessageId } = await publish({ Subject: 'Hi' });
    await delivered;
    expect(calls[0]?.headers).toMatchObject({ 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification', 'x-amz-sns-message-id': MessageId, 'x-amz-sns-topic-arn': topic, 'x-amz-sns-subscription-arn': arn });
    expect(JSON.parse(calls[0]!.body)).toMatchObject({ Type: 'Notification', MessageId, Subject: 'Hi', Message: 'hello', SignatureVersion: '1' });
    await subscribe('http', endpoint, { RawMessageDelivery: true });
    const raw = deliveries(1);
    await publish();
    await raw;
    expect(calls[1]).toMatchObject({ body: 'hello', headers: { 'x-amz-sns-rawdelivery': 'true' } });
  });

  it('are tried three times after faults, before what follows is sent', async () => {
    await subscribe('http', endpoint, { RawMessageDelivery: true });
    answers = [500, 429];
    const both = deliveries(2);
    await publish({ Message: 'first' });
    await publish({ Message: 'second' });
    await both;
    expect(calls.map(({ body }) => body)).toEqual(['first', 'first', 'first', 'second']);
  });

  it('that stay away leave their message to the dead-letter queue', async () => {
    const dead = await queue('Dead');
    await subscribe('http', endpoint, { RedrivePolicy: { deadLetterTargetArn: dead.arn } });
    answers = [503, 503, 503];
    const noticed = once(news, 'notice');
    await publish();
    await noticed;
    expect(JSON.parse((await receive(dead.url)).Body!)).toMatchObject({ Type: 'Notification', Message: 'hello' });
    expect(calls).toHaveLength(3);
    expect(await noticed).toMatchObject([{ message: `A message of ${topic} could not be delivered to ${endpoint} (${endpoint} answered 503). It lies in the queue ${dead.arn}.` }]);
  });

  it('that refuse are not asked again, and that is said', async () => {
    await subscribe('http', endpoint);
    answers = [404];
    const [failed, noticed] = [once(news, 'NotificationFailed'), once(news, 'notice')];
    await publish();
    await failed;
    expect(calls).toHaveLength(1);
    expect(await noticed).toMatchObject([{ message: expect.stringContaining('answered 404). It is only in notifications.jsonl: the subscription has no RedrivePolicy.') }]);
  });
});

describe('what cannot be delivered', () => {
  it('is told of, even when the dead-letter queue is not there either', async () => {
    refusal = new AwsError('ResourceNotFoundException', 'Function not found', 404);
    await subscribe('lambda', functionArn, { RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:absent' } });
    const noticed = once(news, 'notice');
    await publish();
    expect(await noticed).toMatchObject([{ message: expect.stringMatching(/Function not found.*nor put into the queue .*:absent \(The specified queue does not exist\.\)/) }]);
  });

  it('yet waits in the store while the laptop is down', async () => {
    refusal = new AwsError('ServiceException', 'busy', 500);
    await subscribe('lambda', functionArn);
    const tried = new Promise<void>((resolve) => {
      bench.context.clock.sleep = (_, signal) =>
        new Promise((_resolve, reject) => {
          resolve();
          signal?.addEventListener('abort', () => reject(signal.reason as Error));
        });
    });
    await publish({ Message: 'patient' });
    await publish({ Message: 'behind it' });
    await tried;
    await bench.close({ keep: true });
    refusal = undefined;
    await open({ stateDirectory: bench.context.stateDirectory, clock: fastClock() });
    const both = deliveries(2);
    await bench.ready();
    await bench.ready();
    await both;
    expect(invoked).toMatchObject([{ event: { Records: [{ Sns: { Message: 'patient' } }] } }, { event: { Records: [{ Sns: { Message: 'behind it' } }] } }]);
  });
});
