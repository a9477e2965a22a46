import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { Apis } from './apis.ts';
import { apiProviders } from './providers.ts';
import { recordProviders } from './record-providers.ts';
import { usageProviders } from './rest/key-providers.ts';
import { restApiProviders } from './rest/providers.ts';
import { RestApis } from './rest/rest-apis.ts';
import { executeApi } from './signer.ts';

/** Amazon API Gateway: HTTP APIs and REST APIs in front of functions. */
export function createApiGateway(context: LaptopContext): ServiceModule {
  const apis = new Apis(context);
  const restApis = new RestApis(context);
  return {
    services: [
      {
        name: executeApi.service,
        // The decision is all there is to it: whoever comes this far may go on to the route.
        operations: { [executeApi.operation]: () => ({}) },
        async close() {
          await apis.close();
          await restApis.close();
        },
      },
    ],
    providers: [...apiProviders(context, apis), ...restApiProviders(context, restApis), ...usageProviders(context, restApis.usage), ...recordProviders(context)],
  };
}
