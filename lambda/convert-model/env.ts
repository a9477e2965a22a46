/** The environment of the convert-model handler: the contract between the construct that sets it and the code that reads it. */
export interface ConvertModelEnv {
  /** The artifact bucket, where the model artifact goes. */
  readonly ARTIFACT_BUCKET: string;
  /** The pipeline's name: the model's name, and a part of each key that is written. */
  readonly PIPELINE_NAME: string;
}

/** The names in `ConvertModelEnv`. */
export const convertModelEnv = ['ARTIFACT_BUCKET', 'PIPELINE_NAME'] as const satisfies readonly (keyof ConvertModelEnv)[];
