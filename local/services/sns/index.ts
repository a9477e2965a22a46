import type { LaptopContext } from '../../core/context.ts';
import { policyRegistry } from '../../iam/policies.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { Deliveries } from './deliveries.ts';
import { topicOperations } from './operations.ts';
import { subscriptionProvider, topicPolicyProvider, topicProvider } from './provider.ts';
import { Publisher } from './publisher.ts';
import { Topics } from './topics.ts';

/** Amazon SNS: standard topics, and deliveries that survive the laptop. */
export function createSns(context: LaptopContext): ServiceModule {
  const topics = new Topics(context);
  const deliveries = new Deliveries(context, topics);
  const publisher = new Publisher(context, topics, deliveries);
  const policies = policyRegistry(context.store).resourcePolicies;
  return {
    services: [{ name: 'sns', operations: topicOperations(context.accountId, topics, publisher, policies), ready: () => deliveries.resume(), close: () => deliveries.close() }],
    providers: [topicProvider(context, topics), subscriptionProvider(context, topics), topicPolicyProvider(policies)],
  };
}
