import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** An image as a training job names it, and the repository that a role has to be let pull it from. */
export interface BoundImage {
  readonly uri: string;
  readonly repositoryArn: string;
}

/** The image of an account's repository in the scope's region. */
export function regionalImage(scope: Construct, account: string, repository: string, tag: string): BoundImage {
  const stack = Stack.of(scope);
  return {
    uri: `${account}.dkr.ecr.${stack.region}.${stack.urlSuffix}/${repository}:${tag}`,
    repositoryArn: stack.formatArn({ service: 'ecr', account, resource: 'repository', resourceName: repository }),
  };
}
