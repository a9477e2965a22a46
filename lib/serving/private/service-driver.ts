import { Duration, Stack } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { DriveServiceEnv } from '../../../lambda/drive-service/env.ts';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import { HandlerFunction } from '../../private/handler-function.ts';
import { allow } from '../../private/permissions.ts';
import type { DeploymentDriver } from '../target-rollout-props.ts';

/** A service whose tasks are to run. */
export interface DrivenService {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly minTasks: number;
  /** How long its first task may take, from nothing. */
  readonly deadline: Duration;
}

const timeout = Duration.minutes(1);

/** What raises a service to its fewest tasks when a model is deployed to it, and waits until one runs: autoscaling leaves a service without tasks as it is. */
export function createServiceDriver(scope: Construct, platform: IModelPlatform, { clusterName, serviceName, minTasks, deadline }: DrivenService): DeploymentDriver {
  const environment: DriveServiceEnv = { CLUSTER: clusterName, SERVICE_NAME: serviceName, MIN_TASKS: String(minTasks) };
  const handler = new HandlerFunction(scope, 'Driver', {
    handler: 'drive-service',
    description: 'Raises a service to its fewest tasks when a model is deployed to it.',
    environment: { ...environment },
    memorySizeMiB: 256,
    timeout,
    architecture: Architecture.ARM_64,
    tracing: false,
    logRetention: platform.logRetention,
    logRemovalPolicy: platform.logRemovalPolicy,
  });
  allow(handler.role, { actions: ['ecs:DescribeServices', 'ecs:UpdateService'], resources: [Stack.of(scope).formatArn({ service: 'ecs', resource: 'service', resourceName: `${clusterName}/${serviceName}` })] });
  return { function: handler.function, timeout, pollInterval: Duration.seconds(10), deadline };
}
