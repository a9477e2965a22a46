import { Token } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { Construct } from 'constructs';
import { DeclarationError } from '../../../model/spec/errors.ts';
import type { BoundImage } from './bound-image.ts';

/** The image of a repository. */
export function repositoryImage(repository: IRepository, tagOrDigest: string): BoundImage {
  return { uri: repository.repositoryUriForTagOrDigest(tagOrDigest), repositoryArn: repository.repositoryArn };
}

/** An image that `cdk deploy` builds and pushes. One for each scope and folder, however often it is asked for. */
export function assetImage(scope: Construct, directory: string, { file, buildArgs }: { readonly file?: string; readonly buildArgs?: { [name: string]: string } }): BoundImage {
  const asset = new DockerImageAsset(scope, 'TrainingImage', {
    directory,
    platform: Platform.LINUX_AMD64,
    ...(file === undefined ? {} : { file }),
    ...(buildArgs === undefined ? {} : { buildArgs }),
  });
  return { uri: asset.imageUri, repositoryArn: asset.repository.repositoryArn };
}

/** @throws DeclarationError where the URI is none of Amazon ECR, or not known at synth */
export function uriImage(uri: string): BoundImage {
  if (Token.isUnresolved(uri)) {
    throw new DeclarationError('TrainingImage.fromUri', 'uri', 'a token', 'a text that is known at synth, since the role is let pull from its repository: use fromEcrRepository');
  }
  const [, account, region, suffix = '', repository] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.(amazonaws\.[a-z.]+)\/([a-z0-9._/-]+)(?::[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$/.exec(uri) ?? [];
  if (repository === undefined) {
    throw new DeclarationError('TrainingImage.fromUri', 'uri', uri, 'an image of Amazon ECR with its tag or digest, such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1.0');
  }
  const partition = suffix.endsWith('.cn') ? 'aws-cn' : region!.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return { uri, repositoryArn: `arn:${partition}:ecr:${region!}:${account!}:repository/${repository}` };
}
