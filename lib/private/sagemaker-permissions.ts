import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { allow } from './permissions.ts';

/** Lets a role pull images: from a repository or, where that is not known at synth, from none that needs a permission. */
export function allowPull(role: IRole, repositoryArn: string | undefined, wildcard: string): void {
  allow(role, { actions: ['ecr:GetAuthorizationToken'], resources: ['*'], wildcard });
  if (repositoryArn !== undefined) allow(role, { actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: [repositoryArn] });
}

/** Lets a role write the logs of a kind of SageMaker's containers. @param group behind `/aws/sagemaker/` */
export function allowContainerLogs(role: IRole, group: string, wildcard: string): void {
  const logs = (name: string): string => Stack.of(role).formatArn({ service: 'logs', resource: 'log-group', resourceName: `/aws/sagemaker/${group}${name}`, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  allow(role, { actions: ['logs:CreateLogGroup', 'logs:DescribeLogStreams'], resources: [logs(''), logs(':*')], wildcard });
  allow(role, { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logs(':log-stream:*')], wildcard });
}

/** Lets a role make the network interfaces by which SageMaker's containers are in a network. */
export function allowNetworkInterfaces(role: IRole, wildcard: string): void {
  allow(role, {
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:CreateNetworkInterfacePermission',
      'ec2:DeleteNetworkInterface',
      'ec2:DeleteNetworkInterfacePermission',
      'ec2:DescribeDhcpOptions',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
    ],
    resources: ['*'],
    wildcard,
  });
}
