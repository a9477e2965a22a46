/** The environment of the validate-model handler: the contract between the construct that sets it and the code that reads it. */
export interface ValidateModelEnv {
  /** The artifact bucket, where the evaluation and the report go. */
  readonly ARTIFACT_BUCKET: string;
  /** The pipeline's name, a part of each key that it writes. */
  readonly PIPELINE_NAME: string;
}

/** The names in `ValidateModelEnv`. */
export const validateModelEnv = ['ARTIFACT_BUCKET', 'PIPELINE_NAME'] as const satisfies readonly (keyof ValidateModelEnv)[];
