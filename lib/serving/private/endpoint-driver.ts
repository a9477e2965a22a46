import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { DriveEndpointEnv } from '../../../lambda/drive-endpoint/env.ts';
import { endpointStateKeys, prefixes } from '../../../model/spec/layout.ts';
import { servingRoles } from '../../../model/spec/serving-metrics.ts';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import { HandlerFunction } from '../../private/handler-function.ts';
import { allow, allowKey, allowRead, allowToMiss, allowWrite } from '../../private/permissions.ts';
import type { DeploymentRecordLocation } from '../serving-target.ts';

/** What the function that drives an endpoint is made of. */
export interface EndpointDriverProps {
  readonly platform: IModelPlatform;
  readonly targetName: string;
  readonly record: DeploymentRecordLocation;
  readonly endpointName: string;
  /** The endpoint as JSON. */
  readonly endpoint: string;
  readonly executionRole: IRole;
  readonly volumeKey: IKey | undefined;
  readonly scales: boolean;
  readonly serverless: boolean;
  readonly tracing: boolean;
  readonly logGroup: ILogGroup | undefined;
}

/** The function that brings an endpoint to its deployment record, with the least that it needs. It is called by the rollout, and when the endpoint has come to rest. */
export function createDriver(scope: Construct, props: EndpointDriverProps): HandlerFunction {
  const { platform, record, targetName, endpointName } = props;
  const keys = endpointStateKeys(targetName);
  const environment: DriveEndpointEnv = {
    RECORD_BUCKET: record.bucket.bucketName,
    RECORD_KEY: record.key,
    STATE_KEY: keys.endpoint,
    TRIAL_STATE_KEY: keys.trial,
    ENDPOINT: props.endpoint,
  };
  const driver = new HandlerFunction(scope, 'Driver', {
    handler: 'drive-endpoint',
    description: `Brings the SageMaker endpoint of ${targetName} to its deployment record.`,
    environment: { ...environment },
    memorySizeMiB: 512,
    // It reads a model's files to compare their digest.
    timeout: Duration.minutes(5),
    architecture: Architecture.ARM_64,
    tracing: props.tracing,
    logRetention: platform.logRetention,
    logRemovalPolicy: platform.logRemovalPolicy,
    ...(props.logGroup === undefined ? {} : { logGroup: props.logGroup }),
  });
  const { role } = driver;
  allowRead(role, record.bucket, record.key);
  for (const key of [keys.endpoint, keys.trial]) {
    allowRead(role, record.bucket, key);
    allowWrite(role, record.bucket, key);
  }
  allowRead(role, record.bucket, `${prefixes.models}*`);
  allowToMiss(role, record.bucket);
  allowHosting(role, props);
  if (props.scales) allowScaling(role, endpointName);
  goOnWhenAtRest(scope, props, driver);
  return driver;
}

function allowHosting(role: IRole, { endpointName, executionRole, volumeKey, serverless }: EndpointDriverProps): void {
  const arn = (resource: string, resourceName: string): string => Stack.of(role).formatArn({ service: 'sagemaker', resource, resourceName });
  const endpoints = [endpointName, ...(serverless ? [`${endpointName}-canary`] : [])].map((name) => arn('endpoint', name));
  const wildcard = 'Models and configurations are named after their endpoint and a digest of what they hold, which is known at run time.';
  const models = [arn('model', `${endpointName}-*`)];
  const configs = [arn('endpoint-config', `${endpointName}-*`)];
  allow(role, { actions: ['sagemaker:AddTags'], resources: [...models, ...configs, ...endpoints], wildcard });
  allow(role, { actions: ['sagemaker:CreateModel', 'sagemaker:DescribeModel', 'sagemaker:DeleteModel'], resources: models, wildcard });
  allow(role, { actions: ['sagemaker:CreateEndpointConfig', 'sagemaker:DescribeEndpointConfig', 'sagemaker:DeleteEndpointConfig'], resources: configs, wildcard });
  allow(role, { actions: ['sagemaker:CreateEndpoint', 'sagemaker:UpdateEndpoint'], resources: [...endpoints, ...configs], wildcard });
  allow(role, { actions: ['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities', 'sagemaker:DeleteEndpoint'], resources: endpoints });
  allow(role, { actions: ['sagemaker:ListModels', 'sagemaker:ListEndpointConfigs'], resources: ['*'], wildcard: 'Lists know no resources.' });
  allow(role, { actions: ['iam:PassRole'], resources: [executionRole.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } } });
  if (volumeKey === undefined) return;
  // For the encrypted volumes of the instances, which are attached by a grant of whoever makes the endpoint.
  allow(role, { actions: ['kms:CreateGrant'], resources: [volumeKey.keyArn], conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } });
  allowKey(role, volumeKey, ['kms:DescribeKey']);
}

function allowScaling(role: IRole, endpointName: string): void {
  const stack = Stack.of(role);
  const wildcard = 'Application Auto Scaling makes the ids of scalable targets; which endpoints may be scaled is bounded by the conditions and by the service.';
  allow(role, {
    actions: ['application-autoscaling:RegisterScalableTarget', 'application-autoscaling:DeregisterScalableTarget', 'application-autoscaling:PutScalingPolicy'],
    resources: [stack.formatArn({ service: 'application-autoscaling', resource: 'scalable-target', resourceName: '*' })],
    conditions: { StringEquals: { 'application-autoscaling:service-namespace': 'sagemaker', 'application-autoscaling:scalable-dimension': 'sagemaker:variant:DesiredInstanceCount' } },
    wildcard,
  });
  // Application Auto Scaling makes its alarms, and looks at the endpoint, with the permissions of whoever asks for them.
  allow(role, {
    actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DescribeAlarms', 'cloudwatch:DeleteAlarms'],
    resources: [stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: `TargetTracking-endpoint/${endpointName}/variant/${servingRoles.stable}*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME })],
    wildcard: 'Application Auto Scaling makes the ends of its alarms\' names.',
  });
  allow(role, {
    actions: ['iam:CreateServiceLinkedRole'],
    resources: [stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: 'aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint' })],
    conditions: { StringEquals: { 'iam:AWSServiceName': 'sagemaker.application-autoscaling.amazonaws.com' } },
  });
}

/** An endpoint that is started by a schedule, or comes to rest after its rollout gave up on it, is brought to its record all the same. */
function goOnWhenAtRest(scope: Construct, { endpointName, targetName }: EndpointDriverProps, driver: HandlerFunction): void {
  new Rule(scope, 'AtRest', {
    description: `Brings the endpoint of ${targetName} to its deployment record whenever it has come to rest.`,
    eventPattern: {
      source: ['aws.sagemaker'],
      detailType: ['SageMaker Endpoint State Change'],
      detail: { EndpointName: [endpointName], EndpointStatus: ['IN_SERVICE', 'FAILED'] },
    },
    targets: [new LambdaFunction(driver.function, { retryAttempts: 10, maxEventAge: Duration.hours(2) })],
  });
}
