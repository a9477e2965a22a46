import { Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SmokeTestEnv } from '../../../lambda/smoke-test/env.ts';
import { prefixes } from '../../../model/spec/layout.ts';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import { HandlerFunction } from '../../private/handler-function.ts';
import { allow, allowRead } from '../../private/permissions.ts';
import { rolloutDefaults } from '../defaults.ts';
import type { Rollout } from '../rollout.ts';
import type { ServingAlarms } from '../serving-alarms.ts';
import type { IPredictionService } from '../serving-target.ts';
import { TargetRollout } from '../target-rollout.ts';

/** An endpoint of SageMaker, as far as its rollout needs it. */
export interface RolledOutEndpoint extends IPredictionService {
  readonly endpointName: string;
  readonly endpointArn: string;
  readonly driver: IFunction;
  readonly pollInterval: Duration;
  readonly deadline: Duration;
  readonly alarms: ServingAlarms;
}

/** What an endpoint's rollout is told besides. */
export interface EndpointRolloutOptions {
  readonly platform: IModelPlatform;
  readonly rollout: Rollout | undefined;
  /** Whether it has one variant, so that new versions are tried out on an endpoint beside it. */
  readonly serverless: boolean;
  readonly driverTimeout: Duration;
  readonly tracing: boolean;
}

/** The rollout of an endpoint: its driver brings it to its record, and a version is tested by InvokeEndpoint. */
export function createEndpointRollout(scope: Construct, endpoint: RolledOutEndpoint, { platform, rollout, serverless, driverTimeout, tracing }: EndpointRolloutOptions): TargetRollout {
  const trial = serverless ? `${endpoint.endpointName}-canary` : undefined;
  const environment: SmokeTestEnv = { ENDPOINT_URL: trial === undefined ? endpoint.endpointArn : `${endpoint.endpointArn}#${trial}`, REVALIDATE_SECONDS: '0' };
  const tester = new HandlerFunction(scope, 'SmokeTest', {
    handler: 'smoke-test',
    description: `Asks ${endpoint.targetName} for predictions by a new version.`,
    environment: { ...environment },
    memorySizeMiB: rolloutDefaults.memorySizeMiB,
    timeout: rolloutDefaults.functionTimeout,
    architecture: rolloutDefaults.architecture,
    tracing,
    logRetention: platform.logRetention,
    logRemovalPolicy: platform.logRemovalPolicy,
  });
  allowRead(tester.role, platform.artifactBucket, `${prefixes.intermediates}*`);
  const trialArns = trial === undefined ? [] : [Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: trial })];
  allow(tester.role, { actions: ['sagemaker:InvokeEndpoint'], resources: [endpoint.endpointArn, ...trialArns] });
  return new TargetRollout(scope, 'Rollout', {
    platform,
    service: endpoint,
    alarms: endpoint.alarms.canary,
    driver: { function: endpoint.driver, timeout: driverTimeout, pollInterval: endpoint.pollInterval, deadline: endpoint.deadline },
    smokeTestFunction: tester.function,
    smokeTestTimeout: rolloutDefaults.functionTimeout,
    tracing,
    ...(rollout === undefined ? {} : { rollout }),
  });
}
