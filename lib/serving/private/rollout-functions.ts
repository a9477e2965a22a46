import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { RollOutEnv } from '../../../lambda/roll-out/env.ts';
import type { SmokeTestEnv } from '../../../lambda/smoke-test/env.ts';
import { prefixes } from '../../../model/spec/layout.ts';
import { HandlerFunction } from '../../private/handler-function.ts';
import { allow, allowRead, allowToMiss, allowWrite } from '../../private/permissions.ts';
import { rolloutDefaults } from '../defaults.ts';
import type { Rollout } from '../rollout.ts';
import type { TargetRolloutProps } from '../target-rollout-props.ts';

/** The function that reads and writes the deployment record. */
export function createRollOut(scope: Construct, props: TargetRolloutProps, plan: Rollout): HandlerFunction {
  const { record, targetName } = props.service;
  const environment: RollOutEnv = { RECORD_BUCKET: record.bucket.bucketName, RECORD_KEY: record.key, ROLLOUT_PLAN: JSON.stringify(plan) };
  const handler = new HandlerFunction(scope, 'RollOut', {
    ...common(props),
    handler: 'roll-out',
    description: `Writes the deployment record of ${targetName}.`,
    environment: { ...environment },
    timeout: rolloutDefaults.functionTimeout,
  });
  allowRead(handler.role, record.bucket, record.key);
  allowWrite(handler.role, record.bucket, record.key);
  // Whether an artifact is what was registered.
  allowRead(handler.role, props.platform.artifactBucket, `${prefixes.models}*`);
  allowToMiss(handler.role, record.bucket);
  return handler;
}

/** The function that asks the target's URL for predictions. */
export function createSmokeTest(scope: Construct, props: TargetRolloutProps): HandlerFunction {
  const { service, testedFunction, vpc, vpcSubnets, securityGroups } = props;
  const environment: SmokeTestEnv = { ENDPOINT_URL: testedFunction?.functionArn ?? service.url, REVALIDATE_SECONDS: String(service.revalidateAfter.toSeconds()) };
  const handler = new HandlerFunction(scope, 'SmokeTest', {
    ...common(props),
    handler: 'smoke-test',
    description: `Asks ${service.targetName} for predictions by a new version.`,
    environment: { ...environment },
    timeout: smokeTestTimeoutOf(props),
    ...(vpc === undefined ? {} : { vpc }),
    ...(vpcSubnets === undefined ? {} : { vpcSubnets }),
    ...(securityGroups === undefined ? {} : { securityGroups }),
  });
  // The rows that a run kept to test with.
  allowRead(handler.role, props.platform.artifactBucket, `${prefixes.intermediates}*`);
  if (testedFunction === undefined) service.grantInvoke(handler.role);
  else allow(handler.role, { actions: ['lambda:InvokeFunction'], resources: [testedFunction.functionArn] });
  return handler;
}

/** How long one test may take: readers go on with what they have for `revalidateAfter`, and then take a minute at most to load the new version. */
export function smokeTestTimeoutOf({ service, smokeTestTimeout }: TargetRolloutProps): Duration {
  const { functionTimeout } = rolloutDefaults;
  if (smokeTestTimeout !== undefined) return smokeTestTimeout;
  if (service.revalidateAfter.isUnresolved()) return functionTimeout;
  return Duration.seconds(Math.max(functionTimeout.toSeconds(), service.revalidateAfter.toSeconds() + 90));
}

function common({ platform, architecture, tracing }: TargetRolloutProps): Pick<ConstructorParameters<typeof HandlerFunction>[2], 'memorySizeMiB' | 'architecture' | 'tracing' | 'logRetention' | 'logRemovalPolicy'> {
  return {
    memorySizeMiB: rolloutDefaults.memorySizeMiB,
    architecture: architecture ?? rolloutDefaults.architecture,
    tracing: tracing ?? rolloutDefaults.tracing,
    logRetention: platform.logRetention,
    logRemovalPolicy: platform.logRemovalPolicy,
  };
}
