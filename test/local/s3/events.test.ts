import { DeleteObjectCommand, PutBucketNotificationConfigurationCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import type { LaptopContext } from '../../../local/core/context.ts';
import { createIdentity } from '../../../local/iam/identity.ts';
import { createS3 } from '../../../local/services/s3/index.ts';
import { openStore } from '../../../local/store/sqlite.ts';
import { temporaryDirectory } from '../support/assembly.ts';
import { Addresses } from '../../../local/core/addresses.ts';
import { systemClock } from '../../../local/core/clock.ts';
import { AwsError } from '../../../local/core/errors.ts';
import { testLaptop } from '../support/laptop.ts';

/** S3 alone, with an event bus that remembers. */
function aloneS3(stateDirectory: string, putEvents: (entry: Record<string, unknown>) => void, other: (call: string, input: Record<string, unknown>) => void = () => undefined) {
  const store = openStore(stateDirectory);
  const environment = { accountId: '000000000000', region: 'us-east-1', partition: 'aws' };
  const notices: string[] = [];
  const context: LaptopContext = {
    ...environment,
    stateDirectory,
    store,
    identity: createIdentity({ store, ...environment, clock: systemClock }),
    // Waits take no time.
    clock: { ...systemClock, sleep: (_milliseconds, signal) => systemClock.sleep(1, signal) },
    emit: (event) => void (event.type === 'notice' && notices.push(event.message)),
    programs: [],
    addresses: new Addresses(),
    publishApi: () => undefined,
    endpoint: () => 'http://127.0.0.1:1',
    dispatch: async ({ service, operation, caller, input }) => {
      expect(caller.arn).toBe('s3.amazonaws.com');
      if (service !== 'events') other(`${service}:${operation}`, input);
      else for (const entry of input['Entries'] as Record<string, unknown>[]) putEvents(entry);
      return {};
    },
  };
  const { services: [service], providers } = createS3(context);
  const call = { service: 's3', operation: 'PutObject', caller: context.identity.operator, requestId: 'r-1', region: 'us-east-1', input: {} };
  return {
    notices,
    declare: (type: string, properties: Record<string, unknown>) => providers.find((provider) => provider.type === type)!.apply({ stackName: 'App', logicalId: 'X', type, properties, metadata: {} }, { ...environment, assetPath: () => undefined, settle: () => undefined, physicalName: () => 'x' }),
    call: (operation: string, input: Record<string, unknown>) => service!.operations[operation]!(input, { ...call, operation }),
    start: () => service!.ready!(),
    /** What the laptop closes first; other services may still write. */
    closeService: () => service!.close!(),
    async close() {
      await service!.close!();
      store.close();
    },
  };
}

const bridged = { BucketName: 'data', VersioningConfiguration: { Status: 'Enabled' }, NotificationConfiguration: { EventBridgeConfiguration: {} } };

test('events tell of creations and deletions in EventBridge’s shape, the key not encoded', async () => {
  const entries: Record<string, unknown>[] = [];
  const s3 = aloneS3(temporaryDirectory(), (entry) => entries.push(entry));
  await s3.declare('AWS::S3::Bucket', bridged);
  const { VersionId } = await s3.call('PutObject', { Bucket: 'data', Key: 'raw/a b+%2Bü.csv', Body: 'hello' });
  await s3.call('DeleteObject', { Bucket: 'data', Key: 'raw/a b+%2Bü.csv' });
  await s3.close();

  expect(entries).toMatchObject([
    { Source: 'aws.s3', DetailType: 'Object Created', Resources: ['arn:aws:s3:::data'], Time: expect.any(Date) },
    { Source: 'aws.s3', DetailType: 'Object Deleted' },
  ]);
  const [created, deleted] = entries.map(({ Detail }) => JSON.parse(String(Detail)));
  expect(created).toEqual({
    version: '0',
    bucket: { name: 'data' },
    object: { key: 'raw/a b+%2Bü.csv', size: 5, etag: '5d41402abc4b2a76b9719d911017c592', 'version-id': VersionId, sequencer: expect.stringMatching(/^[0-9A-F]{16}$/) },
    'request-id': 'r-1',
    requester: '000000000000',
    'source-ip-address': '127.0.0.1',
    reason: 'PutObject',
  });
  expect(deleted).toMatchObject({ reason: 'DeleteObject', 'deletion-type': 'Delete Marker Created' });
  expect(deleted.object.sequencer > created.object.sequencer).toBe(true);
});

test('a bucket that notifies no one sends nothing', async () => {
  const entries: unknown[] = [];
  const s3 = aloneS3(temporaryDirectory(), (entry) => entries.push(entry));
  await s3.declare('AWS::S3::Bucket', { BucketName: 'data' });
  await s3.call('PutObject', { Bucket: 'data', Key: 'k', Body: 'x' });
  await s3.close();
  expect(entries).toEqual([]);
});

test('CDK’s custom resource for notifications switches them on', async () => {
  const entries: unknown[] = [];
  const s3 = aloneS3(temporaryDirectory(), (entry) => entries.push(entry));
  await s3.declare('AWS::S3::Bucket', { BucketName: 'data' });
  await s3.declare('Custom::S3BucketNotifications', { BucketName: 'data', NotificationConfiguration: { EventBridgeConfiguration: {} } });
  await s3.call('PutObject', { Bucket: 'data', Key: 'k', Body: 'x' });
  await s3.close();
  expect(entries).toHaveLength(1);
});

test('functions, queues and topics that a bucket notifies itself get S3’s older shape, the key encoded', async () => {
  const calls: [string, Record<string, unknown>][] = [];
  const s3 = aloneS3(temporaryDirectory(), () => undefined, (call, input) => calls.push([call, input]));
  const Filter = { S3Key: { Rules: [{ Name: 'prefix', Value: 'raw/' }, { Name: 'suffix', Value: '.csv' }] } };
  const arn = (service: string) => `arn:aws:${service}:us-east-1:000000000000:x`;
  await s3.declare('AWS::S3::Bucket', {
    BucketName: 'data',
    NotificationConfiguration: {
      LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: arn('lambda'), Filter }],
      QueueConfigurations: [{ Event: 's3:ObjectRemoved:Delete', Queue: arn('sqs') }],
      TopicConfigurations: [{ Event: 's3:ObjectCreated:Put', Topic: arn('sns') }],
    },
  });
  await s3.call('PutObject', { Bucket: 'data', Key: 'raw/a b+ü.csv', Body: 'hello' });
  await s3.call('PutObject', { Bucket: 'data', Key: 'raw/other.txt', Body: 'x' });
  await s3.call('DeleteObject', { Bucket: 'data', Key: 'raw/other.txt' });
  await s3.close();
  expect(calls.map(([call]) => call)).toEqual(['lambda:Invoke', 'sns:Publish', 'sns:Publish', 'sqs:SendMessage']);
  expect(calls[0]![1]).toMatchObject({ FunctionName: arn('lambda'), InvocationType: 'Event' });
  const [record] = JSON.parse(String(calls[0]![1]['Payload'])).Records;
  expect(record).toMatchObject({ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'data', arn: 'arn:aws:s3:::data' }, object: { key: 'raw/a+b%2B%C3%BC.csv', size: 5, eTag: '5d41402abc4b2a76b9719d911017c592' } } });
  expect(calls[3]![1]).toMatchObject({ QueueUrl: 'http://127.0.0.1:1/000000000000/x' });
});

test('an event that could not be delivered waits, over a restart too, and is delivered in its order', async () => {
  const directory = temporaryDirectory();
  const failing = aloneS3(directory, () => { throw new AwsError('InternalFailure', 'the bus is down', 500); });
  await failing.declare('AWS::S3::Bucket', bridged);
  await failing.call('PutObject', { Bucket: 'data', Key: 'first', Body: 'x' });
  await failing.close();
  expect(failing.notices).toEqual([expect.stringContaining('the bus is down')]);

  const keys: string[] = [];
  const s3 = aloneS3(directory, ({ Detail }) => keys.push(JSON.parse(String(Detail)).object.key));
  await s3.call('PutObject', { Bucket: 'data', Key: 'second', Body: 'x' });
  await s3.close();
  expect(keys).toEqual(['first', 'second']);
});

test('an event that could not be delivered is tried again', async () => {
  let failures = 2;
  const entries: unknown[] = [];
  const s3 = aloneS3(temporaryDirectory(), (entry) => {
    if ((failures -= 1) >= 0) throw new AwsError('ThrottlingException', 'slow down');
    entries.push(entry);
  });
  await s3.declare('AWS::S3::Bucket', bridged);
  await s3.call('PutObject', { Bucket: 'data', Key: 'k', Body: 'x' });
  await expect.poll(() => entries.length).toBe(1);
  expect(s3.notices).toHaveLength(1);
  await s3.close();
});

test('notifications can be configured through the API', async () => {
  const { client, events } = await testLaptop({ App: { Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } } } } });
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'data', NotificationConfiguration: { EventBridgeConfiguration: {} } }));
  await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'k', Body: 'x' }));
  await s3.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'k' }));
  await expect.poll(() => events.filter((event) => event.type === 'call' && event.operation === 'PutEvents').length).toBeGreaterThan(0);
});

test('what is written while the laptop closes is told at the next start', async () => {
  const folder = temporaryDirectory();
  const entries: Record<string, unknown>[] = [];
  const closing = aloneS3(folder, (entry) => entries.push(entry));
  await closing.declare('AWS::S3::Bucket', bridged);
  await closing.closeService();
  await closing.call('PutObject', { Bucket: 'data', Key: 'late', Body: 'x' });
  await closing.close();
  expect(entries).toEqual([]);

  const next = aloneS3(folder, (entry) => entries.push(entry));
  await next.start();
  await next.close();
  expect(entries).toMatchObject([{ DetailType: 'Object Created' }]);
});
