import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { Deliveries } from './deliveries.ts';
import { eventOperations } from './operations.ts';
import { eventBusProvider, ruleProvider } from './providers.ts';
import { Rules } from './rules.ts';
import { Timers } from './timers.ts';

/** Amazon EventBridge: buses, rules and their targets. */
export function createEvents(context: LaptopContext): ServiceModule {
  const rules = new Rules(context);
  const deliveries = new Deliveries(context, rules);
  const timers = new Timers(context);
  return {
    services: [
      {
        name: 'events',
        operations: eventOperations(context, rules, deliveries),
        ready: () => deliveries.resume(),
        async close() {
          timers.close();
          await deliveries.close();
        },
      },
    ],
    providers: [ruleProvider(context, rules, deliveries, timers), eventBusProvider(context)],
  };
}
