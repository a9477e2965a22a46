import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import { allow, allowKey, allowList, allowRead, allowWrite } from '../../private/permissions.ts';
import { allowContainerLogs, allowNetworkInterfaces, allowPull } from '../../private/sagemaker-permissions.ts';
import type { S3ObjectLocation } from '../../training/algorithm-config.ts';
import type { TrainingKeys } from './render-training.ts';

/**
 * A new role that SageMaker may take on in this account. AWS lists training jobs among the features that say for which account they
 * ask, and tuning jobs not: there a missing answer is no refusal. Only this account's principals can pass the role anyway.
 */
export function createTrainingRole(scope: Construct, tunes: boolean): Role {
  const operator = tunes ? 'StringEqualsIfExists' : 'StringEquals';
  return new Role(scope, 'TrainingRole', {
    description: 'Runs the training jobs of the pipeline.',
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', { conditions: { [operator]: { 'aws:SourceAccount': Stack.of(scope).account } } }),
  });
}

/** What training jobs reach. */
export interface TrainingReach {
  readonly platform: IModelPlatform;
  /** The prefix in the artifact bucket under which jobs read and write. */
  readonly intermediates: string;
  readonly repositoryArn: string;
  /** Objects of further channels. */
  readonly channels: readonly S3ObjectLocation[];
  readonly keys: TrainingKeys;
  readonly secrets: readonly ISecret[];
  readonly inNetwork: boolean;
}

/** What a training job needs: its channels, its output, its image, its logs and its metrics. SageMaker asks for them under this role. */
export function allowTraining(role: IRole, { platform, intermediates, repositoryArn, channels, keys, secrets, inNetwork }: TrainingReach): void {
  const stack = Stack.of(role);
  allowList(role, platform.artifactBucket, intermediates);
  allowRead(role, platform.artifactBucket, `${intermediates}*`);
  allowWrite(role, platform.artifactBucket, `${intermediates}*`);
  // SageMaker uploads a model in parts.
  allow(role, {
    actions: ['s3:AbortMultipartUpload'],
    resources: [platform.artifactBucket.arnForObjects(`${intermediates}*`)],
    wildcard: 'Jobs write under a folder of the run, which has its name at run time.',
  });
  for (const { bucketName, objectKey } of channels) {
    const bucket = stack.formatArn({ service: 's3', region: '', account: '', resource: bucketName });
    allow(role, { actions: ['s3:GetObject'], resources: [`${bucket}/${objectKey}`] });
    // SageMaker takes a channel for a prefix.
    allow(role, { actions: ['s3:ListBucket'], resources: [bucket], conditions: { StringLike: { 's3:prefix': `${objectKey}*` } } });
  }
  allowPull(role, repositoryArn, 'ecr:GetAuthorizationToken and cloudwatch:PutMetricData know no resources; metrics are bounded by their namespace.');
  allowContainerLogs(role, 'TrainingJobs', 'SageMaker makes the log streams of a job in its one log group for training jobs.');
  allow(role, {
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': ['/aws/sagemaker/TrainingJobs', 'aws/sagemaker/TrainingJobs'] } },
  });
  // SageMaker encrypts the output itself (`OutputDataConfig.KmsKeyId`), and asks for all of these.
  allowKey(role, keys.output, ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo']);
  if (keys.volume !== undefined) {
    // For the encrypted volumes of the instances, which EC2 attaches by a grant.
    allow(role, {
      actions: ['kms:CreateGrant'],
      resources: [keys.volume.keyArn],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
    if (keys.volume !== keys.output) allowKey(role, keys.volume, ['kms:DescribeKey']);
  }
  for (const secret of secrets) {
    allow(role, { actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretFullArn ?? `${secret.secretArn}-??????`] });
    allowKey(role, secret.encryptionKey, ['kms:Decrypt']);
  }
  if (inNetwork) allowNetworkInterfaces(role, "SageMaker makes and removes the job's network interfaces, whose ids nobody knows before; the describing actions know no resources.");
}
