/** The environment of the update-feature-store handler: the contract between the construct that sets it and the code that reads it. */
export interface UpdateFeatureStoreEnv {
  /** The pipeline's name, a dimension of the metrics. */
  readonly PIPELINE_NAME: string;
  /** The feature group that the records go to. */
  readonly FEATURE_GROUP_NAME: string;
}

/** The names in `UpdateFeatureStoreEnv`. */
export const updateFeatureStoreEnv = ['PIPELINE_NAME', 'FEATURE_GROUP_NAME'] as const satisfies readonly (keyof UpdateFeatureStoreEnv)[];
