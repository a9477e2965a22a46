import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { DeclarationError } from '../../../model/spec/errors.ts';
import type { BoundImage } from './bound-image.ts';
import { builtInImage } from './built-in-image.ts';

/** A framework of AWS's deep-learning containers. */
export type FrameworkName = 'pytorch' | 'tensorflow';

interface FrameworkOptions {
  readonly tag: string;
  readonly imageAccount?: string;
}

/** What is known of AWS's images for the frameworks. The repositories are those of the SageMaker Python SDK (`image_uri_config`). */
export const frameworkImage = {
  /** @throws DeclarationError */
  check(name: FrameworkName, { tag, imageAccount }: FrameworkOptions): void {
    const place = `TrainingFramework.${name}`;
    if (!/^\w[\w.-]{0,127}$/.test(tag)) throw new DeclarationError(place, 'tag', tag, "the tag of an image, such as '2.5.1-cpu-py311-ubuntu22.04-sagemaker'");
    if (imageAccount !== undefined && !/^\d{12}$/.test(imageAccount)) throw new DeclarationError(place, 'imageAccount', imageAccount, 'an AWS account of twelve digits');
  },

  bind(scope: Construct, name: FrameworkName, { tag, imageAccount }: FrameworkOptions): BoundImage {
    return builtInImage(scope, { accounts: accounts(), repository: `${name}-training`, tag, ...(imageAccount === undefined ? {} : { account: imageAccount }) });
  },

  /** TensorFlow's image reads `model_dir` in a trial of a tuning, whether it is there or not (aws/sagemaker-tensorflow-training-toolkit, training.py: main). */
  hyperParameters(name: FrameworkName): { readonly [name: string]: string } {
    return name === 'tensorflow' ? { model_dir: '/opt/ml/model' } : {};
  },
};

/** AWS's accounts of deep-learning containers, by region. */
function accounts(): Readonly<Record<string, string>> {
  return Object.fromEntries(RegionInfo.regions.flatMap(({ name, dlcRepositoryAccount }) => (dlcRepositoryAccount === undefined ? [] : [[name, dlcRepositoryAccount]])));
}
