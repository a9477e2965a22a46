import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
} from '@aws-sdk/client-sagemaker';
import type { EndpointSpec } from '../../model/spec/endpoint.ts';
import { sagemaker } from '../shared/clients/sagemaker.ts';
import type { Observed } from './decide.ts';
import type { Desired, DesiredConfig, DesiredModel } from './desired.ts';
import { configInput, deploymentConfig, modelInput } from './requests.ts';

/** The endpoint as SageMaker describes it; undefined where there is none. */
export async function observe({ endpointName }: EndpointSpec): Promise<Observed | undefined> {
  const endpoint = await unlessMissing(sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpointName })));
  if (endpoint === undefined) return undefined;
  const { EndpointConfigName: configName = '', ProductionVariants: variants = [] } = endpoint;
  const config = await unlessMissing(sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: configName })));
  return {
    status: endpoint.EndpointStatus ?? '',
    configName,
    lastModified: endpoint.LastModifiedTime?.getTime() ?? 0,
    weights: Object.fromEntries(variants.map(({ VariantName = '', CurrentWeight = 0 }) => [VariantName, CurrentWeight])),
    models: Object.fromEntries((config?.ProductionVariants ?? []).map(({ VariantName = '', ModelName = '' }) => [VariantName, ModelName])),
    ...(endpoint.FailureReason === undefined ? {} : { failureReason: endpoint.FailureReason }),
  };
}

/** Makes a model, unless it is there: one of this name holds the same. */
export async function createModel(spec: EndpointSpec, model: DesiredModel): Promise<void> {
  await unless(
    () => sagemaker.send(new CreateModelCommand(modelInput(spec, model))),
    async () => (await unlessMissing(sagemaker.send(new DescribeModelCommand({ ModelName: model.name })))) !== undefined,
  );
}

/** Makes a configuration, unless it is there: one of this name holds the same. */
export async function createConfig(spec: EndpointSpec, config: DesiredConfig): Promise<void> {
  await unless(
    () => sagemaker.send(new CreateEndpointConfigCommand(configInput(spec, config))),
    async () => (await unlessMissing(sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: config.name })))) !== undefined,
  );
}

/** Makes the endpoint, unless somebody else has begun to. */
export async function create(spec: EndpointSpec, config: DesiredConfig): Promise<void> {
  const { endpointName, tags } = spec;
  await unless(
    () => sagemaker.send(new CreateEndpointCommand({ EndpointName: endpointName, EndpointConfigName: config.name, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) })),
    async () => (await observe(spec)) !== undefined,
  );
}

/** Starts an update, unless something is under way already. Variants keep their size, which scaling may have changed. */
export async function update(spec: EndpointSpec, config: DesiredConfig, guarded: boolean): Promise<void> {
  const deployment = deploymentConfig(spec, guarded);
  await unlessBusy(spec, () =>
    sagemaker.send(
      new UpdateEndpointCommand({
        EndpointName: spec.endpointName,
        EndpointConfigName: config.name,
        RetainAllVariantProperties: true,
        ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }],
        ...(deployment === undefined ? {} : { DeploymentConfig: deployment }),
      }),
    ),
  );
}

/** Gives the variants their shares of the requests, unless something is under way. */
export async function setWeights(spec: EndpointSpec, weights: Desired['weights']): Promise<void> {
  const desired = Object.entries(weights).map(([VariantName, DesiredWeight]) => ({ VariantName, DesiredWeight }));
  await unlessBusy(spec, () => sagemaker.send(new UpdateEndpointWeightsAndCapacitiesCommand({ EndpointName: spec.endpointName, DesiredWeightsAndCapacities: desired })));
}

/** Deletes the endpoint, unless it is gone or going. */
export async function remove(spec: EndpointSpec): Promise<void> {
  await unless(
    () => sagemaker.send(new DeleteEndpointCommand({ EndpointName: spec.endpointName })),
    async () => {
      const found = await observe(spec);
      return found === undefined || found.status === 'Deleting';
    },
  );
}

async function unlessBusy(spec: EndpointSpec, send: () => Promise<unknown>): Promise<void> {
  await unless(send, async () => {
    const found = await observe(spec);
    return found !== undefined && found.status !== 'InService' && found.status !== 'Failed';
  });
}

/** Sends a request; where it is refused, what is there decides whether that is an error. SageMaker's texts are for people. */
async function unless(send: () => Promise<unknown>, done: () => Promise<boolean>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if ((error as Error).name !== 'ValidationException' || !(await done())) throw error;
  }
}

/** What is described; undefined where SageMaker has none: it says ValidationException to that. */
async function unlessMissing<Found>(asking: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (['ValidationException', 'ResourceNotFound'].includes((error as Error).name)) return undefined;
    throw error;
  }
}
