import type { LaptopContext } from '../../core/context.ts';
import type { ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';
import type { Collection } from '../../core/store.ts';
import type { ResourcePolicyRecord } from '../../iam/policies.ts';
import { isServed, readSubscription } from './subscription.ts';
import type { Topics } from './topics.ts';

/** Topic names have at most 256 characters. */
const longestName = 256;

interface TopicProperties {
  readonly TopicName?: string;
  readonly DisplayName?: string;
  readonly KmsMasterKeyId?: string;
  readonly FifoTopic?: boolean | string;
  readonly Subscription?: readonly { readonly Protocol: string; readonly Endpoint: string }[];
}

interface SubscriptionProperties {
  readonly TopicArn: string;
  readonly Protocol: string;
  readonly Endpoint: string;
  readonly RawMessageDelivery?: boolean | string;
  readonly FilterPolicy?: unknown;
  readonly FilterPolicyScope?: string;
  readonly RedrivePolicy?: unknown;
}

/** AWS::SNS::Topic. */
export function topicProvider(context: LaptopContext, topics: Topics): ResourceProvider {
  return {
    type: 'AWS::SNS::Topic',
    apply(declaration, { physicalName }) {
      const { TopicName, DisplayName, KmsMasterKeyId, FifoTopic = false, Subscription = [] } = declaration.properties as TopicProperties;
      const name = TopicName ?? physicalName(declaration, longestName);
      if (String(FifoTopic) === 'true') throw new Error(`The topic ${name} is a FIFO topic, and the laptop serves standard topics only: leave out \`fifo\`.`);
      if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw new Error(`TopicName is '${name}': expected 1 to ${longestName} letters, digits, hyphens and underscores.`);
      const arn = topics.arn(name);
      topics.topics.put(arn, { arn, name, ...(DisplayName !== undefined && { displayName: DisplayName }), ...(KmsMasterKeyId !== undefined && { kmsKeyId: KmsMasterKeyId }) });
      for (const { arn: former } of topics.subscriptionsOf(arn).filter(({ inline }) => inline)) topics.subscriptions.delete(former);
      for (const { Protocol: protocol, Endpoint: endpoint } of Subscription) {
        if (isServed(protocol)) topics.subscribe({ ...readSubscription({ topicArn: arn, protocol, endpoint }), inline: true });
        else tellUnserved(context, declaration, protocol, endpoint);
      }
      return { physicalId: arn, attributes: { TopicArn: arn, TopicName: name } };
    },
    remove: ({ physicalId }) => topics.remove(physicalId),
  };
}

/** AWS::SNS::Subscription. */
export function subscriptionProvider(context: LaptopContext, topics: Topics): ResourceProvider {
  return {
    type: 'AWS::SNS::Subscription',
    apply(declaration) {
      const properties = declaration.properties as unknown as SubscriptionProperties;
      const { TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint } = properties;
      if (!isServed(protocol)) {
        tellUnserved(context, declaration, protocol, endpoint);
        const arn = `${topicArn}:${declaration.stackName}-${declaration.logicalId}`;
        return { physicalId: arn, attributes: { Arn: arn } };
      }
      const { RawMessageDelivery: rawMessageDelivery, FilterPolicy: filterPolicy, FilterPolicyScope: filterPolicyScope, RedrivePolicy: redrivePolicy } = properties;
      const { arn } = topics.subscribe(readSubscription({ topicArn, protocol, endpoint, rawMessageDelivery, filterPolicy, filterPolicyScope, redrivePolicy }));
      return { physicalId: arn, attributes: { Arn: arn } };
    },
    remove: ({ physicalId }) => void topics.subscriptions.delete(physicalId),
  };
}

/** AWS::SNS::TopicPolicy: kept with the other resource policies, for whoever decides by them. */
export function topicPolicyProvider(policies: Collection<ResourcePolicyRecord>): ResourceProvider {
  return {
    type: 'AWS::SNS::TopicPolicy',
    apply({ properties, stackName, logicalId, constructPath }) {
      const { Topics: arns, PolicyDocument: document } = properties as { Topics: readonly string[]; PolicyDocument: unknown };
      for (const resourceArn of arns) policies.put(resourceArn, { resourceArn, document, ...(constructPath !== undefined && { constructPath }) });
      return { physicalId: `${stackName}-${logicalId}`, attributes: { Id: `${stackName}-${logicalId}`, Topics: arns } };
    },
    remove({ attributes }) {
      for (const arn of attributes['Topics'] as readonly string[]) policies.delete(arn);
    },
  };
}

function tellUnserved(context: LaptopContext, { constructPath, logicalId }: ResourceDeclaration, protocol: string, endpoint: string): void {
  context.emit({ type: 'notice', message: `${constructPath ?? logicalId} is declared, but the laptop cannot deliver by ${protocol}: ${endpoint} will hear nothing.` });
}
