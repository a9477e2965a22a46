import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { DeclarationError } from '../../model/spec/errors.ts';
import { assetImage, repositoryImage, uriImage } from './private/user-images.ts';
import type { BoundImage } from './private/bound-image.ts';

/** Which version of an image: a tag, or the digest, which can never mean another image. */
export interface EcrImageOptions {
  /**
   * The image's tag.
   * @default - the image is named by its digest
   */
  readonly tag?: string;

  /**
   * The image's digest, `sha256:` and 64 hexadecimal digits.
   * @default - the image is named by its tag
   */
  readonly digest?: string;
}

/** How an image is built. */
export interface AssetImageOptions {
  /**
   * The Dockerfile, as a path in the folder.
   * @default 'Dockerfile'
   */
  readonly file?: string;

  /**
   * Arguments of the build.
   * @default - none
   */
  readonly buildArgs?: { [name: string]: string };
}

/** A container image that trains: it obeys SageMaker's training contract, is started as `IMAGE train`, and leaves a model in /opt/ml/model. */
export class TrainingImage {
  private readonly bindImage: (scope: Construct) => BoundImage;

  /**
   * An image in a repository of Amazon ECR.
   * @throws DeclarationError where there is neither tag nor digest, or both
   */
  static fromEcrRepository(repository: IRepository, options: EcrImageOptions): TrainingImage {
    const { tag, digest } = options;
    if ((tag === undefined) === (digest === undefined)) {
      throw new DeclarationError('TrainingImage.fromEcrRepository', 'options', options, 'a tag or a digest: an image without either is whichever was pushed last');
    }
    return new TrainingImage(() => repositoryImage(repository, tag ?? digest!));
  }

  /** An image that is built from a folder when the app is deployed; synthesising it needs no Docker. It is built for linux/amd64, on which training instances run. */
  static fromAsset(directory: string, options: AssetImageOptions = {}): TrainingImage {
    return new TrainingImage((scope) => assetImage(scope, directory, options));
  }

  /**
   * An image of Amazon ECR by its URI, `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`.
   * @throws DeclarationError where the URI is none of Amazon ECR: SageMaker pulls from nowhere else
   */
  static fromUri(uri: string): TrainingImage {
    const image = uriImage(uri);
    return new TrainingImage(() => image);
  }

  private constructor(bindImage: (scope: Construct) => BoundImage) {
    this.bindImage = bindImage;
  }

  /**
   * The image as a training job of the scope names it.
   * @internal
   */
  _bind(scope: Construct): BoundImage {
    return this.bindImage(scope);
  }
}
