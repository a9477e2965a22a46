import type { LaptopContext } from '../../core/context.ts';
import { policyRegistry } from '../../iam/policies.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { Messages } from './messages.ts';
import { MoveTasks } from './move-tasks.ts';
import { queueOperations } from './operations.ts';
import { queuePolicyProvider, queueProvider } from './provider.ts';
import { Queues } from './queues.ts';
import { Receiver } from './receive.ts';

/** Amazon SQS: standard queues, with their messages in the store. */
export function createSqs(context: LaptopContext): ServiceModule {
  const queues = new Queues(context);
  const messages = new Messages(context, queues);
  const receiver = new Receiver(context.clock, messages);
  const moves = new MoveTasks(context, queues, messages);
  const policies = policyRegistry(context.store).resourcePolicies;
  const close = async (): Promise<void> => {
    receiver.close();
    await moves.close();
  };
  return {
    services: [{ name: 'sqs', operations: queueOperations({ queues, messages, receiver, moves, policies }), ready: () => moves.ready(), close }],
    providers: [queueProvider(queues, messages), queuePolicyProvider(queues, policies)],
  };
}
