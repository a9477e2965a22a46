/** What each of several instances gets of the training data. All of them get all of the validation data. */
export class DataDistribution {
  /** Each instance gets a part of its own, and no row twice: for training in which the instances exchange what they learn of their parts. */
  static readonly SHARDED_BY_S3_KEY = new DataDistribution('ShardedByS3Key');

  /** Each instance gets all of it: for containers that share the rows out themselves. */
  static readonly FULLY_REPLICATED = new DataDistribution('FullyReplicated');

  /** SageMaker's name of it. */
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }
}
