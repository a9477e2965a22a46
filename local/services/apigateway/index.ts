import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { Apis } from './apis.ts';
import { executeApi } from './authorization.ts';
import { apiProviders } from './providers.ts';

/** Amazon API Gateway: HTTP APIs in front of functions. */
export function createApiGateway(context: LaptopContext): ServiceModule {
  const apis = new Apis(context);
  return {
    services: [
      {
        name: executeApi.service,
        // The decision is all there is to it: whoever comes this far may go on to the route.
        operations: { [executeApi.operation]: () => ({}) },
        close: () => apis.close(),
      },
    ],
    providers: apiProviders(context, apis),
  };
}
