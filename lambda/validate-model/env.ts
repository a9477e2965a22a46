/** The environment of the validate-model handler: the contract between the construct that sets it and the code that reads it. */
export interface ValidateModelEnv {
  /** The artifact bucket, where the evaluation and the report go. */
  readonly ARTIFACT_BUCKET: string;
  /** The pipeline's name, a part of each key that it writes. */
  readonly PIPELINE_NAME: string;
  /** The bucket of the deployment record that names the champion. */
  readonly RECORD_BUCKET: string;
  /** That record's key, `deployments/<target>.json`. */
  readonly RECORD_KEY: string;
}

/** The names in `ValidateModelEnv`. */
export const validateModelEnv = ['ARTIFACT_BUCKET', 'PIPELINE_NAME', 'RECORD_BUCKET', 'RECORD_KEY'] as const satisfies readonly (keyof ValidateModelEnv)[];
