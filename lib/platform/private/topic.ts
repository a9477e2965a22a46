import { Annotations, Names, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** The services that publish to the topic by themselves, and so need the key that encrypts it. */
const publishingServices = ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'];

/** The topic for notifications. */
export function createTopic(scope: Construct, encryptionKey: IKey | undefined): Topic {
  const topic = new Topic(scope, 'Notifications', {
    enforceSSL: true,
    ...(encryptionKey === undefined ? {} : { masterKey: encryptionKey }),
  });
  if (encryptionKey !== undefined) allowPublishers(topic, encryptionKey);
  return topic;
}

/** Without these a service drops its message in silence; `alias/aws/sns` cannot grant them, which is why it is not used. */
function allowPublishers(topic: Topic, encryptionKey: IKey): void {
  const actions = ['kms:Decrypt', 'kms:GenerateDataKey*'];
  const { statementAdded } = encryptionKey.addToResourcePolicy(
    new PolicyStatement({
      sid: `Publish${Names.uniqueResourceName(topic, { maxLength: 64 })}`,
      principals: publishingServices.map((service) => new ServicePrincipal(service)),
      actions,
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } },
    }),
  );
  if (statementAdded) return;
  // The policy of an imported key is its owner's: CDK cannot add to it, and says nothing.
  Annotations.of(topic).addWarningV2(
    'slipway:topicKeyPolicy',
    `The key of the topic is imported, so its policy is not extended here, and messages of ${publishingServices.join(' and ')} (budget alerts, alarms) are dropped in silence ` +
      `unless the key's policy has a statement that allows the principal {"Service": ${JSON.stringify(publishingServices)}} the actions ${JSON.stringify(actions)} on "*", ` +
      'with the condition {"StringEquals": {"aws:SourceAccount": "YOUR ACCOUNT"}}. Add it, then acknowledge this: ' +
      "Annotations.of(construct).acknowledgeWarning('slipway:topicKeyPolicy').",
  );
}

/** Lets alarms of this account be told through the topic: any statement takes the place of the policy by which a topic trusts its account. */
export function allowAlarms(scope: Construct, topic: ITopic): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'Alarms',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
}

/** Subscribes mail addresses and webhooks, each under an ID of its own that does not depend on the order. */
export function subscribe(scope: Construct, topic: ITopic, emails: readonly string[], webhooks: readonly string[]): void {
  for (const endpoint of emails) new Subscription(scope, `Mail ${endpoint}`, { topic, endpoint, protocol: SubscriptionProtocol.EMAIL });
  for (const endpoint of webhooks) {
    new Subscription(scope, `Webhook ${endpoint.replaceAll('/', '-')}`, { topic, endpoint, protocol: SubscriptionProtocol.HTTPS });
  }
}
