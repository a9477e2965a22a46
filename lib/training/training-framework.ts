import type { Construct } from 'constructs';
import { frameworkImage } from './private/framework-images.ts';
import type { FrameworkName } from './private/framework-images.ts';
import type { BoundImage } from './private/bound-image.ts';

/** Which of a framework's images, AWS's deep-learning containers. */
export interface TrainingFrameworkOptions {
  /**
   * The image's tag, such as `2.5.1-cpu-py311-ubuntu22.04-sagemaker`: AWS lists those that there are under "available images" of its
   * deep-learning containers. One with `gpu` in it needs instances that have one.
   */
  readonly tag: string;

  /**
   * The account that the image lies in.
   * @default - AWS's account for the region, as far as aws-cdk-lib knows it; for a region that it does not know this prop is required
   */
  readonly imageAccount?: string;
}

/** A framework whose training image AWS keeps: the script is yours, the image is not. */
export class TrainingFramework {
  private readonly name: FrameworkName;
  private readonly options: TrainingFrameworkOptions;

  /**
   * PyTorch.
   * @throws DeclarationError where the tag is none, or the account has not twelve digits
   */
  static pytorch(options: TrainingFrameworkOptions): TrainingFramework {
    return new TrainingFramework('pytorch', options);
  }

  /**
   * TensorFlow.
   * @throws DeclarationError where the tag is none, or the account has not twelve digits
   */
  static tensorflow(options: TrainingFrameworkOptions): TrainingFramework {
    return new TrainingFramework('tensorflow', options);
  }

  private constructor(name: FrameworkName, options: TrainingFrameworkOptions) {
    frameworkImage.check(name, options);
    this.name = name;
    this.options = options;
  }

  /**
   * The image for the scope's region.
   * @internal
   */
  _bind(scope: Construct): BoundImage {
    return frameworkImage.bind(scope, this.name, this.options);
  }

  /**
   * Hyperparameters that the framework's image cannot do without.
   * @internal
   */
  _hyperParameters(): { readonly [name: string]: string } {
    return frameworkImage.hyperParameters(this.name);
  }
}
