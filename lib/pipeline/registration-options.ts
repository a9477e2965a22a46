import type { ModelCardOptions } from '../../model/spec/model-card.ts';
import type { FeatureGroupOptions } from '../registry/feature-group-options.ts';
import type { ServingImage } from '../registry/serving-image.ts';

/** What a pipeline says of the models that it registers, and keeps of the data that they learned from. */
export interface RegistrationOptions {
  /**
   * The revision of the code that declares the pipeline, such as a git commit: it stands in the lineage of every model.
   * @default - none: the lineage does not say
   */
  readonly sourceRevision?: string;

  /**
   * What only people know of the model: its purpose, its risk, its limits. It goes into the model card of each version, beside what the run knows.
   * @default - the card holds what the run knows: data, training, evaluation, lineage
   */
  readonly modelCard?: ModelCardOptions;

  /**
   * The image that serves the model, where it is a container's: SageMaker can then make an endpoint of the registered version.
   * @default - none: the version names its artifact alone, which Slipway's Lambda serves
   */
  readonly servingImage?: ServingImage;

  /**
   * A feature group of SageMaker Feature Store, which gets the newest record of each identifier whenever a model is deployed.
   * @default - none
   */
  readonly featureGroup?: FeatureGroupOptions;
}
