import type { MessageAttribute, Notification } from './types.ts';

/** SNS signs what it sends, with a key that a laptop has not: receivers that verify signatures will refuse this one. */
const unsigned = { SignatureVersion: '1', Signature: '' };

/** The JSON that queues, webhooks and mails of JSON get, unless they want the raw message. */
export function envelope(notification: Notification, unsubscribeUrl: string): string {
  const { messageId, topicArn, subject, text, attributes, publishedAt } = notification;
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject !== undefined && { Subject: subject }),
    Message: text,
    Timestamp: publishedAt,
    ...unsigned,
    SigningCertURL: '',
    UnsubscribeURL: unsubscribeUrl,
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
  });
}

/** The event that a function gets. */
export function lambdaEvent(notification: Notification, subscriptionArn: string, unsubscribeUrl: string): string {
  const { messageId, topicArn, subject, text, attributes, publishedAt } = notification;
  const sns = {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    Subject: subject ?? null,
    Message: text,
    Timestamp: publishedAt,
    ...unsigned,
    SigningCertUrl: '',
    UnsubscribeUrl: unsubscribeUrl,
    MessageAttributes: attributes,
  };
  return JSON.stringify({ Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscriptionArn, Sns: sns }] });
}

/** Attributes as SQS takes them, for queues that want the raw message. */
export function queueAttributes(attributes: Readonly<Record<string, MessageAttribute>>): Record<string, object> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { Type, Value }]) => [name, { DataType: Type, ...(Type.startsWith('Binary') ? { BinaryValue: Buffer.from(Value, 'base64') } : { StringValue: Value }) }]));
}
