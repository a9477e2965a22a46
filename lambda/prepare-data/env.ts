/** The environment of the prepare-data handler: the contract between the construct that sets it and the code that reads it. */
export interface PrepareDataEnv {
  /** The artifact bucket, where the prepared splits go. */
  readonly ARTIFACT_BUCKET: string;
  /** The pipeline's name, a part of each key that it writes. */
  readonly PIPELINE_NAME: string;
}

/** The names in `PrepareDataEnv`. */
export const prepareDataEnv = ['ARTIFACT_BUCKET', 'PIPELINE_NAME'] as const satisfies readonly (keyof PrepareDataEnv)[];
