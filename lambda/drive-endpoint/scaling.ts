import { DeregisterScalableTargetCommand, PutScalingPolicyCommand, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import type { EndpointSpec } from '../../model/spec/endpoint.ts';
import { servingRoles } from '../../model/spec/serving-metrics.ts';
import { autoScaling } from '../shared/clients/application-auto-scaling.ts';

/** Lets the stable variant of an endpoint in service scale by its invocations. A variant that does not exist cannot be registered, so this is no resource of the template. */
export async function startScaling({ endpointName, scaling }: EndpointSpec): Promise<void> {
  if (scaling === undefined) return;
  const target = targetOf(endpointName);
  await autoScaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: scaling.minimum, MaxCapacity: scaling.maximum }));
  await autoScaling.send(
    new PutScalingPolicyCommand({
      ...target,
      PolicyName: 'invocations',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: scaling.invocations,
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        ScaleInCooldown: scaling.scaleInSeconds,
        ScaleOutCooldown: scaling.scaleOutSeconds,
      },
    }),
  );
}

/** Ends the scaling of an endpoint that is deleted: its alarms would stay behind. */
export async function stopScaling({ endpointName, scaling }: EndpointSpec): Promise<void> {
  if (scaling === undefined) return;
  try {
    await autoScaling.send(new DeregisterScalableTargetCommand(targetOf(endpointName)));
  } catch (error) {
    if ((error as Error).name !== 'ObjectNotFoundException') throw error;
  }
}

function targetOf(endpointName: string) {
  return { ServiceNamespace: 'sagemaker', ResourceId: `endpoint/${endpointName}/variant/${servingRoles.stable}`, ScalableDimension: 'sagemaker:variant:DesiredInstanceCount' } as const;
}
