import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Architecture, Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { imageFolder } from '../private/handler-bundle.ts';

/** What an image of the function that is built as an asset may be told. */
export interface InferenceImageOptions {
  /**
   * The image that it is built on, with Lambda's runtime interface for Node 24.
   * @default public.ecr.aws/lambda/nodejs:24
   */
  readonly baseImage?: string;
}

/** What a prediction API's function is deployed as. */
export class InferenceCode {
  /** A bundle, with native files for the function's own processor alone. */
  static bundle(): InferenceCode {
    return new InferenceCode(() => undefined);
  }

  /** A container image with Lambda's entry, built when the app is deployed; synthesising it needs no Docker. */
  static image(options: InferenceImageOptions = {}): InferenceCode {
    return new InferenceCode((scope, architecture) =>
      Code.fromAssetImage(imageFolder(scope, 'inference-function', architecture), {
        platform: architecture === Architecture.X86_64 ? Platform.LINUX_AMD64 : Platform.LINUX_ARM64,
        ...(options.baseImage === undefined ? {} : { buildArgs: { BASE_IMAGE: options.baseImage } }),
      }),
    );
  }

  /**
   * A container image that was built already from the folder `dist/images/<arch>/inference-function`, in a repository of Amazon ECR in the same region.
   * @param tagOrDigest a tag, or `sha256:..`
   */
  static fromEcrRepository(repository: IRepository, tagOrDigest: string): InferenceCode {
    return new InferenceCode(() => Code.fromEcrImage(repository, { tagOrDigest }));
  }

  /**
   * The image's code; undefined where it is a bundle.
   * @internal
   */
  readonly _image: (scope: Construct, architecture: Architecture) => Code | undefined;

  private constructor(image: (scope: Construct, architecture: Architecture) => Code | undefined) {
    this._image = image;
  }
}
