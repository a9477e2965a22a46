import type { Operation, Output } from '../../../core/call.ts';
import { listPage } from '../lists.ts';
import type { ListInput } from '../lists.ts';
import { describeEndpoint } from './describe.ts';
import type { DesiredVariant, Endpoints, UpdateInput } from './endpoints.ts';
import type { EndpointConfigs, Models } from './models.ts';
import type { ConfigInput, Kept, ModelInput } from './record.ts';

/** Models, endpoint configurations and endpoints. */
export function hostingOperations(models: Models, configs: EndpointConfigs, endpoints: Endpoints): Readonly<Record<string, Operation>> {
  return {
    CreateModel: (input: ModelInput): Output => ({ ModelArn: models.create(input.ModelName, input).arn }),
    DescribeModel: ({ ModelName }: { ModelName: string }): Output => described(models.get(ModelName), 'ModelArn'),
    ListModels: (input: ListInput): Output => listPage('Models', models.list(), input, 'Descending', ({ name, arn, creationTime }) => ({ ModelName: name, ModelArn: arn, CreationTime: new Date(creationTime) })),
    DeleteModel({ ModelName }: { ModelName: string }): Output {
      models.delete(ModelName);
      return {};
    },

    CreateEndpointConfig: (input: ConfigInput): Output => ({ EndpointConfigArn: configs.create(input.EndpointConfigName, input).arn }),
    DescribeEndpointConfig: ({ EndpointConfigName }: { EndpointConfigName: string }): Output => described(configs.get(EndpointConfigName), 'EndpointConfigArn'),
    ListEndpointConfigs: (input: ListInput): Output =>
      listPage('EndpointConfigs', configs.list(), input, 'Descending', ({ name, arn, creationTime }) => ({ EndpointConfigName: name, EndpointConfigArn: arn, CreationTime: new Date(creationTime) })),
    DeleteEndpointConfig({ EndpointConfigName }: { EndpointConfigName: string }): Output {
      configs.delete(EndpointConfigName);
      return {};
    },

    CreateEndpoint: ({ EndpointName, EndpointConfigName }: { EndpointName: string; EndpointConfigName: string }): Output => ({ EndpointArn: endpoints.create(EndpointName, EndpointConfigName).arn }),
    DescribeEndpoint: ({ EndpointName }: { EndpointName: string }): Output => describeEndpoint(endpoints.get(EndpointName)),
    ListEndpoints: (input: ListInput & { StatusEquals?: string }): Output => {
      const found = endpoints.list().filter(({ status }) => input.StatusEquals === undefined || status === input.StatusEquals);
      return listPage('Endpoints', found, input, 'Descending', (endpoint) => {
        const { EndpointName, EndpointArn, CreationTime, LastModifiedTime, EndpointStatus } = describeEndpoint(endpoint);
        return { EndpointName, EndpointArn, CreationTime, LastModifiedTime, EndpointStatus };
      });
    },
    UpdateEndpoint: (input: UpdateInput): Output => ({ EndpointArn: endpoints.update(input).arn }),
    UpdateEndpointWeightsAndCapacities: ({ EndpointName, DesiredWeightsAndCapacities }: { EndpointName: string; DesiredWeightsAndCapacities: readonly DesiredVariant[] }): Output => ({
      EndpointArn: endpoints.scale(EndpointName, DesiredWeightsAndCapacities).arn,
    }),
    DeleteEndpoint({ EndpointName }: { EndpointName: string }): Output {
      endpoints.delete(EndpointName);
      return {};
    },
  };
}

function described({ arn, creationTime, input }: Kept<ModelInput | ConfigInput>, arnMember: string): Output {
  const { Tags: _tags, ...members } = input;
  return { ...members, [arnMember]: arn, CreationTime: new Date(creationTime) };
}
