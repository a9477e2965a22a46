import type { CapacitySize, CreateEndpointConfigCommandInput, CreateModelCommandInput, DeploymentConfig, ProductionVariant, Tag, TrafficRoutingConfig } from '@aws-sdk/client-sagemaker';
import type { EndpointSpec, EndpointUpdateSpec } from '../../model/spec/endpoint.ts';
import type { DesiredConfig, DesiredModel, DesiredVariant } from './desired.ts';

/** CreateModel. */
export function modelInput({ tags }: EndpointSpec, { name, image, modelDataUrl, environment, roleArn, isolated, network }: DesiredModel): CreateModelCommandInput {
  return {
    ModelName: name,
    PrimaryContainer: { Image: image, ModelDataUrl: modelDataUrl, Environment: { ...environment } },
    ExecutionRoleArn: roleArn,
    EnableNetworkIsolation: isolated,
    ...(network === undefined ? {} : { VpcConfig: { Subnets: [...network.subnets], SecurityGroupIds: [...network.securityGroups] } }),
    ...tagged(tags),
  };
}

/** CreateEndpointConfig. */
export function configInput({ tags }: EndpointSpec, { name, variants, volumeKeyId, capture }: DesiredConfig): CreateEndpointConfigCommandInput {
  return {
    EndpointConfigName: name,
    ProductionVariants: variants.map(productionVariant),
    ...(volumeKeyId === undefined ? {} : { KmsKeyId: volumeKeyId }),
    ...(capture === undefined
      ? {}
      : {
          DataCaptureConfig: {
            EnableCapture: true,
            InitialSamplingPercentage: capture.samplingPercent,
            DestinationS3Uri: capture.destination,
            CaptureOptions: [...(capture.input ? [{ CaptureMode: 'Input' as const }] : []), ...(capture.output ? [{ CaptureMode: 'Output' as const }] : [])],
            // Texts stay readable; what is binary is kept as base64.
            CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'], JsonContentTypes: ['application/json', 'application/jsonlines'] },
            ...(capture.keyId === undefined ? {} : { KmsKeyId: capture.keyId }),
          },
        }),
    ...tagged(tags),
  };
}

function productionVariant({ name, model, initialWeight, runsOn: { instances, serverless, startupSeconds, downloadSeconds } }: DesiredVariant): ProductionVariant {
  return {
    VariantName: name,
    ModelName: model.name,
    InitialVariantWeight: initialWeight,
    ...(instances === undefined ? {} : { InstanceType: instances.type as NonNullable<ProductionVariant['InstanceType']>, InitialInstanceCount: instances.count }),
    ...(serverless === undefined
      ? {}
      : {
          ServerlessConfig: {
            MemorySizeInMB: serverless.memorySizeMb,
            MaxConcurrency: serverless.maxConcurrency,
            ...(serverless.provisionedConcurrency === undefined ? {} : { ProvisionedConcurrency: serverless.provisionedConcurrency }),
          },
        }),
    ...(startupSeconds === undefined ? {} : { ContainerStartupHealthCheckTimeoutInSeconds: startupSeconds }),
    ...(downloadSeconds === undefined ? {} : { ModelDataDownloadTimeoutInSeconds: downloadSeconds }),
  };
}

/** How SageMaker shifts the traffic of an update; undefined where it has nothing to say about it. */
export function deploymentConfig({ update, alarms }: EndpointSpec, guarded: boolean): DeploymentConfig | undefined {
  if (update === undefined || !guarded) return undefined;
  return {
    ...policy(update),
    ...(alarms.length === 0 ? {} : { AutoRollbackConfiguration: { Alarms: alarms.map((AlarmName) => ({ AlarmName })) } }),
  };
}

function policy(update: EndpointUpdateSpec): DeploymentConfig {
  if (update.kind === 'rolling') {
    return {
      RollingUpdatePolicy: {
        MaximumBatchSize: percentOf(update.percent),
        WaitIntervalInSeconds: update.waitSeconds,
        MaximumExecutionTimeoutInSeconds: update.timeoutSeconds,
        ...(update.rollbackPercent === undefined ? {} : { RollbackMaximumBatchSize: percentOf(update.rollbackPercent) }),
      },
    };
  }
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: routing(update),
      TerminationWaitInSeconds: update.bakeSeconds,
      MaximumExecutionTimeoutInSeconds: update.timeoutSeconds,
    },
  };
}

function routing(update: Exclude<EndpointUpdateSpec, { kind: 'rolling' }>): TrafficRoutingConfig {
  switch (update.kind) {
    case 'allAtOnce':
      return { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 };
    case 'canary':
      return { Type: 'CANARY', CanarySize: percentOf(update.percent), WaitIntervalInSeconds: update.waitSeconds };
    case 'linear':
      return { Type: 'LINEAR', LinearStepSize: percentOf(update.percent), WaitIntervalInSeconds: update.waitSeconds };
  }
}

function percentOf(Value: number): CapacitySize {
  return { Type: 'CAPACITY_PERCENT', Value };
}

function tagged(tags: EndpointSpec['tags']): { Tags?: Tag[] } {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return list.length === 0 ? {} : { Tags: list };
}
