import { Stack } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { allow } from '../../private/permissions.ts';

/** A group, as far as its versions' ARNs need it. */
export interface VersionedGroup {
  readonly modelPackageGroupName: string;
}

/** Lets a principal make calls on the versions of a group. */
export function allowOnVersions(scope: Construct, { modelPackageGroupName }: VersionedGroup, grantee: IGrantable, actions: string[]): void {
  allow(grantee, {
    actions,
    resources: [Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'model-package', resourceName: `${modelPackageGroupName}/*` })],
    wildcard: 'SageMaker numbers the versions of a model package group; the group is named.',
  });
}
