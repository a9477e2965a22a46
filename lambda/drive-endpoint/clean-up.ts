import { DeleteEndpointConfigCommand, DeleteModelCommand, paginateListEndpointConfigs, paginateListModels } from '@aws-sdk/client-sagemaker';
import type { EndpointSpec } from '../../model/spec/endpoint.ts';
import { sagemaker } from '../shared/clients/sagemaker.ts';
import { isOurs, type DesiredConfig } from './desired.ts';

/** Deletes the configurations and models that the endpoint was made of before. They cost nothing, but an account holds a limited number. */
export async function cleanUp(spec: EndpointSpec, { name, variants }: DesiredConfig): Promise<void> {
  const mine = { NameContains: `${spec.endpointName}-`, MaxResults: 100 };
  const models = new Set(variants.map(({ model }) => model.name));
  for await (const { EndpointConfigs = [] } of paginateListEndpointConfigs({ client: sagemaker }, mine)) {
    for (const { EndpointConfigName: found = '' } of EndpointConfigs) {
      if (isOurs(spec, found) && found !== name) await unlessGone(sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: found })));
    }
  }
  for await (const { Models = [] } of paginateListModels({ client: sagemaker }, mine)) {
    for (const { ModelName: found = '' } of Models) {
      if (isOurs(spec, found) && !models.has(found)) await unlessGone(sagemaker.send(new DeleteModelCommand({ ModelName: found })));
    }
  }
}

async function unlessGone(deleting: Promise<unknown>): Promise<void> {
  try {
    await deleting;
  } catch (error) {
    // Another driver was here first.
    if ((error as Error).name !== 'ValidationException') throw error;
  }
}
