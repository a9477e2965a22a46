import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LaptopContext } from '../../core/context.ts';
import { envelope, lambdaEvent, queueAttributes } from './envelope.ts';
import type { Notification, Protocol, SubscriptionRecord } from './types.ts';

/** A message on its way to one subscriber. */
export interface Parcel {
  readonly subscription: SubscriptionRecord;
  readonly notification: Notification;
  /** The delivery's number: the same at every try. */
  readonly sequence: number;
}

/** A webhook did not take the message. */
export class WebhookRefusal extends Error {
  override readonly name = 'WebhookRefusal';
  readonly status: number;

  constructor(endpoint: string, status: number) {
    super(`${endpoint} answered ${status}`);
    this.status = status;
  }
}

type Channel = (context: LaptopContext, parcel: Parcel, signal: AbortSignal) => Promise<void> | void;

const principal = 'sns.amazonaws.com';

/** How long SNS waits for a webhook's answer. */
const webhookMilliseconds = 15_000;

/** How a message reaches a subscriber of each protocol; a channel throws when it does not. */
export const channels: Readonly<Record<Protocol, Channel>> = {
  async lambda(context, { subscription: { endpoint, arn }, notification }) {
    const event = lambdaEvent(notification, arn, unsubscribeUrl(context, arn));
    await context.dispatch({ service: 'lambda', operation: 'Invoke', input: { FunctionName: endpoint, InvocationType: 'Event', Payload: Buffer.from(event) }, caller: context.identity.service(principal) });
  },
  sqs: (context, parcel) => sendToQueue(context, parcel.subscription.endpoint, parcel),
  http: post,
  https: post,
  email: (context, parcel) => write(context, parcel, parcel.notification.text),
  'email-json': (context, parcel) => write(context, parcel, envelope(parcel.notification, unsubscribeUrl(context, parcel.subscription.arn))),
};

/** Puts a message into a queue, as the subscription wants it: in its envelope, or raw with its attributes. */
export async function sendToQueue(context: LaptopContext, queueArn: string, { subscription, notification }: Parcel): Promise<void> {
  const [, , , , accountId, name] = queueArn.split(':');
  const content = subscription.rawMessageDelivery
    ? { MessageBody: notification.text, MessageAttributes: queueAttributes(notification.attributes) }
    : { MessageBody: envelope(notification, unsubscribeUrl(context, subscription.arn)) };
  await context.dispatch({ service: 'sqs', operation: 'SendMessage', input: { QueueUrl: `${context.endpoint()}/${accountId}/${name}`, ...content }, caller: context.identity.service(principal) });
}

/** Calls a webhook. It was never asked to confirm its subscription: what a template declares on the laptop is confirmed. */
async function post(context: LaptopContext, { subscription: { arn, endpoint, rawMessageDelivery }, notification }: Parcel, signal: AbortSignal): Promise<void> {
  const response = await fetch(endpoint, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': notification.messageId,
      'x-amz-sns-topic-arn': notification.topicArn,
      'x-amz-sns-subscription-arn': arn,
      ...(rawMessageDelivery && { 'x-amz-sns-rawdelivery': 'true' }),
    },
    body: rawMessageDelivery ? notification.text : envelope(notification, unsubscribeUrl(context, arn)),
    signal: AbortSignal.any([signal, AbortSignal.timeout(webhookMilliseconds)]),
  });
  await response.body?.cancel();
  if (!response.ok) throw new WebhookRefusal(endpoint, response.status);
}

/** Writes a mail into the outbox: the laptop sends none. */
function write(context: LaptopContext, { subscription: { endpoint }, notification, sequence }: Parcel, text: string): void {
  const { subject = 'AWS Notification Message', publishedAt } = notification;
  const outbox = path.join(context.stateDirectory, 'outbox');
  mkdirSync(outbox, { recursive: true });
  const mail = [`To: ${endpoint}`, 'From: AWS Notifications <no-reply@sns.amazonaws.com>', `Subject: ${subject}`, `Date: ${publishedAt}`, '', text, ''];
  writeFileSync(path.join(outbox, `${String(sequence).padStart(6, '0')}-${slug(subject)}.txt`), mail.join('\n'));
}

function slug(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? ['message'];
  return words.join('-').slice(0, 60).replace(/-$/, '');
}

function unsubscribeUrl(context: LaptopContext, subscriptionArn: string): string {
  return `${context.endpoint()}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`;
}
