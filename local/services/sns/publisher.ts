import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { LaptopContext } from '../../core/context.ts';
import type { Deliveries } from './deliveries.ts';
import { accepts } from './filter.ts';
import type { Topics } from './topics.ts';
import type { MessageContent, TopicRecord } from './types.ts';

/** Publishes messages: writes each down, then sends it to those who want it. */
export class Publisher {
  readonly #context: LaptopContext;
  readonly #topics: Topics;
  readonly #deliveries: Deliveries;

  constructor(context: LaptopContext, topics: Topics, deliveries: Deliveries) {
    this.#context = context;
    this.#topics = topics;
    this.#deliveries = deliveries;
  }

  /** @returns the message's id */
  publish({ arn: topicArn }: TopicRecord, { texts, ...content }: MessageContent): string {
    const messageId = randomUUID();
    const publishedAt = this.#context.clock.now().toISOString();
    const parcels = this.#topics
      .subscriptionsOf(topicArn)
      .map((subscription) => ({ subscription, notification: { ...content, text: texts[subscription.protocol] ?? content.text, messageId, topicArn, publishedAt } }))
      .filter(({ subscription, notification }) => accepts(subscription, notification));
    const { subject, text: message, attributes } = content;
    const deliveries = parcels.map(({ subscription: { protocol, endpoint } }) => [protocol, endpoint]);
    const entry = { at: publishedAt, topicArn, subject, message, attributes, messageId, deliveries };
    appendFileSync(path.join(this.#context.stateDirectory, 'notifications.jsonl'), `${JSON.stringify(entry)}\n`);
    this.#context.store.transaction(() => {
      for (const { subscription, notification } of parcels) this.#deliveries.send(subscription, notification);
    });
    this.#context.emit({ type: 'service', service: 'sns', name: 'NotificationPublished', detail: entry });
    return messageId;
  }
}
