import type { Operation, Output } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import type { ResourcePolicyRecord } from '../../iam/policies.ts';
import { inBatch } from '../sqs/batch.ts';
import { mostBytes, readContent, sizeOf, type PublishInput } from './content.ts';
import { invalidParameter } from './errors.ts';
import type { Publisher } from './publisher.ts';
import { readSubscription, subscriptionAttributes } from './subscription.ts';
import type { Topics } from './topics.ts';
import type { SubscriptionRecord, TopicRecord } from './types.ts';

interface Paging {
  readonly NextToken?: string;
}

interface Target {
  readonly TopicArn?: string;
  readonly TargetArn?: string;
  readonly PhoneNumber?: string;
}

interface SubscribeInput {
  readonly TopicArn: string;
  readonly Protocol: string;
  readonly Endpoint?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
}

const pageSize = 100;

/** The operations of Amazon SNS that the laptop serves. */
export function topicOperations(accountId: string, topics: Topics, publisher: Publisher, policies: Collection<ResourcePolicyRecord>): Readonly<Record<string, Operation>> {
  const summary = ({ arn, topicArn, protocol, endpoint }: SubscriptionRecord): Output => ({ SubscriptionArn: arn, Owner: accountId, Protocol: protocol, Endpoint: endpoint, TopicArn: topicArn });
  const subscription = (arn: string): SubscriptionRecord => {
    const found = topics.subscriptions.get(arn);
    if (found === undefined) throw new AwsError('NotFound', 'Subscription does not exist', 404);
    return found;
  };

  return {
    Publish({ PhoneNumber, TopicArn, TargetArn, ...input }: Target & PublishInput): Output {
      if (PhoneNumber !== undefined) throw invalidParameter('PhoneNumber: the laptop sends no SMS; publish to a topic');
      return { MessageId: publisher.publish(topics.get(TopicArn ?? TargetArn), readContent(input)) };
    },
    PublishBatch({ TopicArn, PublishBatchRequestEntries: entries }: Target & { PublishBatchRequestEntries?: readonly (PublishInput & { Id: string })[] }): Output {
      const topic = topics.get(TopicArn);
      const bytes = (entries ?? []).reduce((sum, entry) => sum + sizeOf(entry), 0);
      if (bytes > mostBytes) throw new AwsError('BatchRequestTooLong', `The length of all the messages put together is more than the limit: ${bytes} bytes of ${mostBytes}.`);
      return inBatch(entries, (entry) => ({ MessageId: publisher.publish(topic, readContent(entry)) }));
    },
    ListTopics: (input: Paging) => paged(topics.topics, '', input, 'Topics', ({ arn }) => ({ TopicArn: arn })),
    GetTopicAttributes: ({ TopicArn }: Target) => ({ Attributes: topicAttributes(topics.get(TopicArn), accountId, topics, policies) }),
    Subscribe({ TopicArn, Protocol, Endpoint, Attributes: { RawMessageDelivery, FilterPolicy, FilterPolicyScope, RedrivePolicy } = {} }: SubscribeInput): Output {
      const wish = { topicArn: topics.get(TopicArn).arn, protocol: Protocol, endpoint: Endpoint ?? '', rawMessageDelivery: RawMessageDelivery, filterPolicy: FilterPolicy, filterPolicyScope: FilterPolicyScope, redrivePolicy: RedrivePolicy };
      return { SubscriptionArn: topics.subscribe(readSubscription(wish)).arn };
    },
    Unsubscribe({ SubscriptionArn }: { SubscriptionArn: string }): Output {
      topics.subscriptions.delete(subscription(SubscriptionArn).arn);
      return {};
    },
    GetSubscriptionAttributes: ({ SubscriptionArn }: { SubscriptionArn: string }) => ({ Attributes: subscriptionAttributes(subscription(SubscriptionArn), accountId) }),
    ListSubscriptions: (input: Paging) => paged(topics.subscriptions, '', input, 'Subscriptions', summary),
    ListSubscriptionsByTopic: (input: Target & Paging) => paged(topics.subscriptions, `${topics.get(input.TopicArn).arn}:`, input, 'Subscriptions', summary),
  };
}

function topicAttributes({ arn, displayName, kmsKeyId }: TopicRecord, owner: string, topics: Topics, policies: Collection<ResourcePolicyRecord>): Record<string, string> {
  const policy = policies.get(arn);
  return {
    TopicArn: arn,
    Owner: owner,
    DisplayName: displayName ?? '',
    SubscriptionsConfirmed: String(topics.subscriptionsOf(arn).length),
    SubscriptionsPending: '0',
    SubscriptionsDeleted: '0',
    ...(kmsKeyId !== undefined && { KmsMasterKeyId: kmsKeyId }),
    ...(policy && { Policy: JSON.stringify(policy.document) }),
  };
}

/** One page of a listing; its token is the last id that it showed. */
function paged<T>(records: Collection<T>, prefix: string, { NextToken }: Paging, member: string, show: (record: T) => Output): Output {
  const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString();
  const found = records.page({ prefix, after, limit: pageSize + 1 });
  const last = found.length > pageSize ? found[pageSize - 1] : undefined;
  return { [member]: found.slice(0, pageSize).map(({ value }) => show(value)), ...(last && { NextToken: Buffer.from(last.id).toString('base64url') }) };
}
