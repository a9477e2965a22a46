/** The environment of the register-model handler: the contract between the construct that sets it and the code that reads it. */
export interface RegisterModelEnv {
  /** The artifact bucket, where the lineage goes. */
  readonly ARTIFACT_BUCKET: string;
  /** The pipeline's name: the model's name. */
  readonly PIPELINE_NAME: string;
  /** The model package group (name or ARN) that the version joins. */
  readonly MODEL_PACKAGE_GROUP: string;
}

/** The names in `RegisterModelEnv`. */
export const registerModelEnv = ['ARTIFACT_BUCKET', 'PIPELINE_NAME', 'MODEL_PACKAGE_GROUP'] as const satisfies readonly (keyof RegisterModelEnv)[];
