import type { Output } from '../../../core/call.ts';
import { containerOf } from './check.ts';
import type { Deployed, EndpointRecord, VariantState } from './record.ts';

/** The answer of DescribeEndpoint. */
export function describeEndpoint({ name, arn, status, deployed, variants, desired, pending, lastDeployment, failureReason, creationTime, lastModifiedTime }: EndpointRecord): Output {
  const capture = deployed.config.DataCaptureConfig;
  return {
    EndpointName: name,
    EndpointArn: arn,
    EndpointConfigName: deployed.config.EndpointConfigName,
    // A new endpoint has no variants yet.
    ...(status === 'Creating' ? {} : { ProductionVariants: summaries(deployed, variants, desired ?? variants) }),
    EndpointStatus: status,
    CreationTime: new Date(creationTime),
    LastModifiedTime: new Date(lastModifiedTime),
    ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
    ...(lastDeployment === undefined || Object.keys(lastDeployment).length === 0 ? {} : { LastDeploymentConfig: lastDeployment }),
    ...(capture === undefined
      ? {}
      : {
          DataCaptureConfig: {
            EnableCapture: capture.EnableCapture ?? true,
            CaptureStatus: (capture.EnableCapture ?? true) ? 'Started' : 'Stopped',
            CurrentSamplingPercentage: capture.InitialSamplingPercentage,
            DestinationS3Uri: capture.DestinationS3Uri,
            KmsKeyId: capture.KmsKeyId ?? '',
          },
        }),
    ...(pending === undefined
      ? {}
      : {
          PendingDeploymentSummary: {
            EndpointConfigName: pending.deployed.config.EndpointConfigName,
            ProductionVariants: summaries(pending.deployed, pending.variants, pending.variants),
            StartTime: new Date(pending.startTime),
          },
        }),
  };
}

function summaries({ config, models }: Deployed, current: Readonly<Record<string, VariantState>>, desired: Readonly<Record<string, VariantState>>): Output[] {
  return config.ProductionVariants.map(({ VariantName: name, ModelName: modelName = '' }) => {
    const model = models[modelName];
    const image = model === undefined ? undefined : containerOf(model).Image;
    const [now, soon] = [current[name], desired[name]];
    return {
      VariantName: name,
      ...(image === undefined ? {} : { DeployedImages: [{ SpecifiedImage: image, ResolvedImage: image }] }),
      CurrentWeight: now?.weight,
      DesiredWeight: soon?.weight,
      ...(now?.instances === undefined ? {} : { CurrentInstanceCount: now.instances, DesiredInstanceCount: soon?.instances }),
      ...(now?.serverless === undefined ? {} : { CurrentServerlessConfig: now.serverless, DesiredServerlessConfig: soon?.serverless }),
    };
  });
}
