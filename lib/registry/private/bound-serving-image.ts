import { Token } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ServingImageSpec } from '../../../model/spec/serving-image.ts';

/** An image as a scope uses it. */
export interface BoundServingImage {
  readonly spec: ServingImageSpec;
  /** The repository of Amazon ECR that a role has to be let pull from; undefined where it is another registry's, or not known at synth. */
  readonly repositoryArn?: string;
  /** The processor that it is built for; undefined where only its owner knows. */
  readonly architecture?: Architecture;
}

/** Where an image comes from. */
export interface ImageSource {
  readonly uri: string;
  readonly repositoryArn?: string;
  readonly architecture?: Architecture;
}

/** A folder that an image is built from. */
export interface ImageFolder {
  readonly directory: string;
  readonly file?: string;
  readonly buildArgs?: { readonly [name: string]: string };
  readonly architecture: Architecture;
}

/** The image of a repository. */
export function ecrSource(repository: IRepository, tagOrDigest: string): ImageSource {
  return { uri: repository.repositoryUriForTagOrDigest(tagOrDigest), repositoryArn: repository.repositoryArn };
}

/** An image by its name: of Amazon ECR, or of a registry that lets anyone pull. */
export function uriSource(uri: string): ImageSource {
  if (Token.isUnresolved(uri)) return { uri };
  const [, account, region, suffix = '', repository] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.(amazonaws\.[a-z.]+)\/([a-z0-9._/-]+)[:@]/.exec(uri) ?? [];
  if (repository === undefined) return { uri };
  const partition = suffix.endsWith('.cn') ? 'aws-cn' : region!.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return { uri, repositoryArn: `arn:${partition}:ecr:${region!}:${account!}:repository/${repository}` };
}

/** An image that `cdk deploy` builds and pushes; synthesising it needs no Docker. */
export function assetSource(scope: Construct, { directory, file, buildArgs, architecture }: ImageFolder): ImageSource {
  const asset = new DockerImageAsset(scope, 'ServingImage', {
    directory,
    platform: architecture === Architecture.X86_64 ? Platform.LINUX_AMD64 : Platform.LINUX_ARM64,
    ...(file === undefined ? {} : { file }),
    ...(buildArgs === undefined ? {} : { buildArgs: { ...buildArgs } }),
  });
  return { uri: asset.imageUri, repositoryArn: asset.repository.repositoryArn, architecture };
}
