import type { LaptopContext } from '../../core/context.ts';
import type { BucketNotifications } from './records.ts';

/** One of a bucket's notifications to a function, a queue or a topic, in the API's own shape. */
interface Destination {
  readonly Id?: string;
  readonly LambdaFunctionArn?: string;
  readonly QueueArn?: string;
  readonly TopicArn?: string;
  readonly Events?: readonly string[];
  readonly Filter?: { readonly Key?: { readonly FilterRules?: readonly { readonly Name?: string; readonly Value?: string }[] } };
}

/** An object event as S3 recorded it. */
export interface ObjectEvent {
  readonly bucket: string;
  readonly detail: Record<string, unknown>;
  readonly time: string;
}

const eventNames: Readonly<Record<string, string>> = {
  PutObject: 'ObjectCreated:Put',
  CopyObject: 'ObjectCreated:Copy',
  CompleteMultipartUpload: 'ObjectCreated:CompleteMultipartUpload',
  'Permanently Deleted': 'ObjectRemoved:Delete',
  'Delete Marker Created': 'ObjectRemoved:DeleteMarkerCreated',
};

/** Sends an event to the functions, queues and topics that the bucket notifies directly, in S3's older shape. */
export async function notifyDirectly(context: Pick<LaptopContext, 'dispatch' | 'identity' | 'partition' | 'region' | 'endpoint'>, notifications: BucketNotifications, event: ObjectEvent): Promise<void> {
  const detail = event.detail as { reason: string; 'deletion-type'?: string; object: { key: string } };
  const name = eventNames[detail['deletion-type'] ?? detail.reason] ?? '';
  const caller = context.identity.service('s3.amazonaws.com');
  for (const destination of destinations(notifications)) {
    if (!concerns(destination, name, detail.object.key)) continue;
    const body = JSON.stringify({ Records: [record(context, destination.Id ?? '', name, event)] });
    const { LambdaFunctionArn: functionArn, QueueArn: queueArn, TopicArn: topicArn } = destination;
    if (functionArn !== undefined) await context.dispatch({ service: 'lambda', operation: 'Invoke', caller, input: { FunctionName: functionArn, InvocationType: 'Event', Payload: Buffer.from(body) } });
    if (queueArn !== undefined) await context.dispatch({ service: 'sqs', operation: 'SendMessage', caller, input: { QueueUrl: queueUrl(context.endpoint(), queueArn), MessageBody: body } });
    if (topicArn !== undefined) await context.dispatch({ service: 'sns', operation: 'Publish', caller, input: { TopicArn: topicArn, Subject: 'Amazon S3 Notification', Message: body } });
  }
}

function destinations(notifications: BucketNotifications): readonly Destination[] {
  return ['LambdaFunctionConfigurations', 'QueueConfigurations', 'TopicConfigurations'].flatMap((kind) => (notifications[kind] as readonly Destination[] | undefined) ?? []);
}

function concerns({ Events: events = [], Filter }: Destination, name: string, key: string): boolean {
  const wanted = events.some((event) => event === `s3:${name}` || (event.endsWith('*') && `s3:${name}`.startsWith(event.slice(0, -1))));
  const rules = Filter?.Key?.FilterRules ?? [];
  return wanted && rules.every(({ Name: rule = '', Value: value = '' }) => (rule.toLowerCase() === 'prefix' ? key.startsWith(value) : key.endsWith(value)));
}

/** One record of the older shape, in which the key is URL-encoded. */
function record({ partition, region }: Pick<LaptopContext, 'partition' | 'region'>, configurationId: string, eventName: string, { bucket, detail, time }: ObjectEvent): Record<string, unknown> {
  const { object, requester, 'request-id': requestId } = detail as { object: { key: string; size?: number; etag?: string; 'version-id'?: string; sequencer: string }; requester: string; 'request-id': string };
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: time,
    eventName,
    userIdentity: { principalId: requester },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: { name: bucket, ownerIdentity: { principalId: requester }, arn: `arn:${partition}:s3:::${bucket}` },
      object: {
        key: encodeURIComponent(object.key).replaceAll('%20', '+').replaceAll('%2F', '/'),
        ...(object.size !== undefined && { size: object.size }),
        ...(object.etag !== undefined && { eTag: object.etag }),
        ...(object['version-id'] !== undefined && { versionId: object['version-id'] }),
        sequencer: object.sequencer,
      },
    },
  };
}

function queueUrl(endpoint: string, arn: string): string {
  const [, , , , account = '', name = ''] = arn.split(':');
  return `${endpoint}/${account}/${name}`;
}

/** The template's shape of a notification configuration as the API's: one event each, and other names. */
export function fromTemplate(configuration: TemplateNotifications | undefined): BucketNotifications {
  if (configuration === undefined) return {};
  const { EventBridgeConfiguration: bridge, LambdaConfigurations: functions = [], QueueConfigurations: queues = [], TopicConfigurations: topics = [] } = configuration;
  return {
    ...(bridge && String(bridge.EventBridgeEnabled ?? true) === 'true' && { EventBridgeConfiguration: {} }),
    ...(functions.length > 0 && { LambdaFunctionConfigurations: functions.map((each) => ({ LambdaFunctionArn: each.Function, ...selection(each) })) }),
    ...(queues.length > 0 && { QueueConfigurations: queues.map((each) => ({ QueueArn: each.Queue, ...selection(each) })) }),
    ...(topics.length > 0 && { TopicConfigurations: topics.map((each) => ({ TopicArn: each.Topic, ...selection(each) })) }),
  };
}

interface TemplateDestination {
  readonly Event: string;
  readonly Filter?: { readonly S3Key?: { readonly Rules?: readonly { readonly Name: string; readonly Value: string }[] } };
  readonly Function?: string;
  readonly Queue?: string;
  readonly Topic?: string;
}

/** `NotificationConfiguration` of `AWS::S3::Bucket`. */
export interface TemplateNotifications {
  readonly EventBridgeConfiguration?: { readonly EventBridgeEnabled?: boolean | string };
  readonly LambdaConfigurations?: readonly TemplateDestination[];
  readonly QueueConfigurations?: readonly TemplateDestination[];
  readonly TopicConfigurations?: readonly TemplateDestination[];
}

function selection({ Event: event, Filter }: TemplateDestination): Destination {
  return { Events: [event], Filter: { Key: { FilterRules: Filter?.S3Key?.Rules ?? [] } } };
}
