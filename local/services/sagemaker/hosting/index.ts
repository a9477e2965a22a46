import type { Operation } from '../../../core/call.ts';
import type { LaptopContext } from '../../../core/context.ts';
import type { ResourceProvider } from '../../../core/resource.ts';
import { DataCapture } from './capture.ts';
import { Endpoints } from './endpoints.ts';
import { ContainerClient } from './forward.ts';
import { invokeEndpoint } from './invoke.ts';
import { InvocationMetrics } from './metrics.ts';
import { EndpointConfigs, Models } from './models.ts';
import { hostingOperations } from './operations.ts';
import { endpointConfigProvider, endpointProvider, modelProvider } from './providers.ts';

/** What hosting adds to SageMaker's service. */
export interface Hosting {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly providers: readonly ResourceProvider[];
  readonly models: Models;
  readonly client: ContainerClient;
  ready(): void;
  close(): Promise<void>;
}

/** Amazon SageMaker hosting: models, endpoint configurations, and endpoints whose variants are processes of their images. */
export function createHosting(context: LaptopContext): Hosting {
  const models = new Models(context);
  const configs = new EndpointConfigs(context, models);
  const endpoints = new Endpoints(context, configs, models);
  const client = new ContainerClient();
  const capture = new DataCapture(context);
  const metrics = new InvocationMetrics(context);
  return {
    operations: { ...hostingOperations(models, configs, endpoints), InvokeEndpoint: invokeEndpoint({ context, endpoints, client, capture, metrics }) },
    providers: [modelProvider(models), endpointConfigProvider(configs), endpointProvider(endpoints)],
    models,
    client,
    ready: () => endpoints.recover(),
    async close() {
      await endpoints.close();
      client.close();
      await capture.flush();
      await metrics.flush();
    },
  };
}
