import type { DataDistribution } from './data-distribution.ts';

/** What a training job needs to know of an algorithm. */
export interface AlgorithmConfig {
  /** The training image. */
  readonly image: string;
  /** The repository that the training role pulls the image from. */
  readonly repositoryArn: string;
  /** The hyperparameters by the algorithm's own names. */
  readonly hyperParameters: { [name: string]: string };
  /**
   * The hyperparameter that takes the number of classes, which is known when the data are prepared.
   * @default - none: the label has no classes
   */
  readonly classesHyperParameter?: string;
  /** How the prepared data is written: `application/x-parquet` or `text/csv`. */
  readonly contentType: string;
  /** What each of several instances gets of the training data. */
  readonly dataDistribution: DataDistribution;
  /**
   * Further channels by their names: objects in S3 that every instance gets.
   * @default - none
   */
  readonly channels?: { [name: string]: S3ObjectLocation };
}

/** An object in S3. */
export interface S3ObjectLocation {
  /** The bucket's name. */
  readonly bucketName: string;
  /** The object's key. */
  readonly objectKey: string;
}
