import { Stack } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { prefixes } from '../../../model/spec/layout.ts';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import { allow, allowKey, allowRead, allowWrite } from '../../private/permissions.ts';
import { allowContainerLogs, allowNetworkInterfaces, allowPull } from '../../private/sagemaker-permissions.ts';

/** What the containers of an endpoint reach, and SageMaker for them. */
export interface EndpointReach {
  readonly platform: IModelPlatform;
  readonly endpointName: string;
  readonly repositoryArn: string | undefined;
  /** The prefix of what is captured; undefined where nothing is. */
  readonly captured: string | undefined;
  readonly alarms: readonly IAlarm[];
  readonly inNetwork: boolean;
}

/** A new role that SageMaker may take on in this account. */
export function createEndpointRole(scope: Construct): Role {
  return new Role(scope, 'ExecutionRole', {
    description: 'Runs the containers of a SageMaker endpoint.',
    // AWS does not list endpoints among the features that say for which account they ask: a missing answer is no refusal.
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', { conditions: { StringEqualsIfExists: { 'aws:SourceAccount': Stack.of(scope).account } } }),
  });
}

/** Gives the role of an endpoint what SageMaker asks for under it. */
export function allowServing(role: IRole, { platform, endpointName, repositoryArn, captured, alarms, inNetwork }: EndpointReach): void {
  allowRead(role, platform.artifactBucket, `${prefixes.models}*`);
  // SageMaker looks at the bucket before it fetches a model.
  allow(role, { actions: ['s3:ListBucket'], resources: [platform.artifactBucket.bucketArn], conditions: { StringLike: { 's3:prefix': `${prefixes.models}*` } } });
  if (captured !== undefined) allowWrite(role, platform.artifactBucket, `${captured}*`);
  allowPull(role, repositoryArn, 'ecr:GetAuthorizationToken and cloudwatch:PutMetricData know no resources; metrics are bounded by their namespace.');
  allow(role, { actions: ['cloudwatch:PutMetricData'], resources: ['*'], conditions: { StringEquals: { 'cloudwatch:namespace': ['/aws/sagemaker/Endpoints', 'AWS/SageMaker'] } } });
  // The endpoint's own group, and that of the endpoint on which a canary is tried out.
  allowContainerLogs(role, `Endpoints/${endpointName}*`, "SageMaker makes the log streams of containers in the endpoint's own log group.");
  if (alarms.length > 0) allow(role, { actions: ['cloudwatch:DescribeAlarms'], resources: alarms.map(({ alarmArn }) => alarmArn) });
  if (inNetwork) allowNetworkInterfaces(role, "SageMaker makes and removes the containers' network interfaces, whose ids nobody knows before; the describing actions know no resources.");
  allowKey(role, platform.artifactBucket.encryptionKey, ['kms:Decrypt']);
}
