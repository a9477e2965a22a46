import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { LoadBalancers } from '../load-balancing/load-balancers.ts';
import { loadBalancingProviders } from '../load-balancing/providers.ts';
import { ecsOperations } from './operations.ts';
import { ecsProviders } from './providers.ts';
import { Services } from './services.ts';

/** Amazon ECS, with the load balancers that stand before its services: tasks are processes of the programs that stand in for their images. */
export function createEcs(context: LaptopContext): ServiceModule {
  const balancers = new LoadBalancers(context);
  const services = new Services(context, (arn) => balancers.group(arn));
  return {
    services: [
      {
        name: 'ecs',
        operations: ecsOperations(services),
        ready: () => services.ready(),
        async close() {
          await balancers.close();
          await services.close();
        },
      },
    ],
    providers: [...loadBalancingProviders(context, balancers), ...ecsProviders(context, services)],
  };
}
