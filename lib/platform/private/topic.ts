import { Names, Stack } from 'aws-cdk-lib';
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
  // Without these a service drops its message in silence; `alias/aws/sns` cannot grant them, which is why it is not used.
  encryptionKey?.addToResourcePolicy(
    new PolicyStatement({
      sid: `Publish${Names.uniqueResourceName(topic, { maxLength: 64 })}`,
      principals: publishingServices.map((service) => new ServicePrincipal(service)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  return topic;
}

/** Subscribes mail addresses and webhooks, each under an ID of its own that does not depend on the order. */
export function subscribe(scope: Construct, topic: ITopic, emails: readonly string[], webhooks: readonly string[]): void {
  for (const endpoint of emails) new Subscription(scope, `Mail ${endpoint}`, { topic, endpoint, protocol: SubscriptionProtocol.EMAIL });
  for (const endpoint of webhooks) {
    new Subscription(scope, `Webhook ${endpoint.replaceAll('/', '-')}`, { topic, endpoint, protocol: SubscriptionProtocol.HTTPS });
  }
}
