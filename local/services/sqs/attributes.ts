import type { MessageCounts, Reception } from './messages.ts';
import { digestOfAttributes, digestOfBody, writeAttributes } from './content.ts';
import type { MessageAttribute, QueueRecord } from './types.ts';
import type { Output } from '../../core/call.ts';

/** A queue's attributes as GetQueueAttributes names them, all of them text. */
export function queueAttributes({ arn, createdAt, settings }: QueueRecord, counts: MessageCounts, policy: unknown): Record<string, string> {
  const created = String(Math.floor(Date.parse(createdAt) / 1000));
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    DelaySeconds: String(settings.delaySeconds),
    MaximumMessageSize: String(settings.maximumMessageSize),
    MessageRetentionPeriod: String(settings.messageRetentionPeriod),
    ReceiveMessageWaitTimeSeconds: String(settings.receiveMessageWaitTimeSeconds),
    VisibilityTimeout: String(settings.visibilityTimeout),
    ...(settings.redrivePolicy && { RedrivePolicy: JSON.stringify(settings.redrivePolicy) }),
    ...(policy !== undefined && { Policy: JSON.stringify(policy) }),
  };
}

/** Those attributes that were asked for: `All` stands for every one. */
export function chosen<T>(attributes: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes('All') || names.includes(name)));
}

/** A received message in the SDK's shape, with the attributes that its receiver asked for. */
export function receivedMessage({ message, receiptHandle }: Reception, systemNames: readonly string[], attributeNames: readonly string[]): Output {
  const system = chosen(systemAttributes(message), systemNames);
  const attributes = Object.fromEntries(Object.entries(message.attributes).filter(([name]) => attributeNames.some((pattern) => covers(pattern, name))));
  const digest = digestOfAttributes(attributes);
  return {
    MessageId: message.messageId,
    ReceiptHandle: receiptHandle,
    MD5OfBody: digestOfBody(message.body),
    Body: message.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(digest !== undefined && { MD5OfMessageAttributes: digest, MessageAttributes: writeAttributes(attributes) }),
  };
}

function systemAttributes({ senderId, sentAt, receiveCount, firstReceivedAt, deadLetterSource, systemAttributes: given }: Reception['message']): Record<string, string> {
  return {
    SenderId: senderId,
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receiveCount),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    ...(deadLetterSource !== undefined && { DeadLetterQueueSourceArn: deadLetterSource }),
    ...Object.fromEntries(Object.entries<MessageAttribute>(given).map(([name, { value }]) => [name, value])),
  };
}

/** A name, `All`, or a prefix that ends in `.*`. */
function covers(pattern: string, name: string): boolean {
  return pattern === 'All' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2)));
}
