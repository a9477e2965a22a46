import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { allow } from '../../private/permissions.ts';

/** What pulling an image calls on its repository. */
export const pullActions = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** Lets a role pull images of a repository. */
export function allowPull(grantee: IGrantable, repositoryArn: string): void {
  allow(grantee, { actions: pullActions, resources: [repositoryArn] });
  allow(grantee, { actions: ['ecr:GetAuthorizationToken'], resources: ['*'], wildcard: 'Signing in to the registry knows no resources: it can only be allowed on *.' });
}
