/** The environment of the validate-data handler: the contract between the construct that sets it and the code that reads it. */
export interface ValidateDataEnv {
  /** The artifact bucket, where the reports go and the baseline lies. */
  readonly ARTIFACT_BUCKET: string;
  /** The data bucket, where refused data is copied into quarantine. */
  readonly DATA_BUCKET: string;
  /** The pipeline's name, a part of each key that it writes. */
  readonly PIPELINE_NAME: string;
}

/** The names in `ValidateDataEnv`. */
export const validateDataEnv = ['ARTIFACT_BUCKET', 'DATA_BUCKET', 'PIPELINE_NAME'] as const satisfies readonly (keyof ValidateDataEnv)[];
