import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { invalidParameter } from './errors.ts';
import type { SubscriptionRecord, TopicRecord } from './types.ts';

/** The topics of the laptop and who listens to them. */
export class Topics {
  readonly topics: Collection<TopicRecord>;
  /** By ARN: those of one topic stand together. */
  readonly subscriptions: Collection<SubscriptionRecord>;
  readonly #context: LaptopContext;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.topics = context.store.collection('sns', 'topic');
    this.subscriptions = context.store.collection('sns', 'subscription');
  }

  /** @throws {AwsError} NotFound */
  get(arn: string | undefined): TopicRecord {
    if (arn === undefined || !/^arn:[^:]+:sns:[^:]+:\d{12}:[A-Za-z0-9_.-]{1,256}$/.test(arn)) throw invalidParameter(`TopicArn: ${arn ?? 'none is given'}`);
    const found = this.topics.get(arn);
    if (found === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
    return found;
  }

  /** Who listens to a topic. */
  subscriptionsOf(topicArn: string): SubscriptionRecord[] {
    return this.subscriptions.list(`${topicArn}:`).map(({ value }) => value);
  }

  /** Takes up a subscription to a topic that there is. */
  subscribe(subscription: SubscriptionRecord): SubscriptionRecord {
    this.get(subscription.topicArn);
    this.subscriptions.put(subscription.arn, subscription);
    return subscription;
  }

  /** Removes a topic and all its subscriptions. */
  remove(topicArn: string): void {
    this.#context.store.transaction(() => {
      for (const { arn } of this.subscriptionsOf(topicArn)) this.subscriptions.delete(arn);
      this.topics.delete(topicArn);
    });
  }

  /** The ARN that a topic of this name has. */
  arn(name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:sns:${region}:${accountId}:${name}`;
  }
}
