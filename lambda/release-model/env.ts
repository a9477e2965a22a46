/** The environment of the release-model handler: the contract between the construct that sets it and the code that reads it. */
export interface ReleaseModelEnv {
  /** The artifact bucket, where requests and decisions lie under `approvals/`. */
  readonly ARTIFACT_BUCKET: string;
  /** The pipeline's name. */
  readonly PIPELINE_NAME: string;
  /** The model package group (name or ARN) of the pipeline's versions. */
  readonly MODEL_PACKAGE_GROUP: string;
  /** The bucket that holds production's deployment record. */
  readonly RECORD_BUCKET: string;
  /** The record's key, `deployments/<target>.json`. */
  readonly RECORD_KEY: string;
  /** How production's traffic moves to a new version, as JSON. */
  readonly ROLLOUT_PLAN: string;
}

/** The names in `ReleaseModelEnv`. */
export const releaseModelEnv = ['ARTIFACT_BUCKET', 'PIPELINE_NAME', 'MODEL_PACKAGE_GROUP', 'RECORD_BUCKET', 'RECORD_KEY', 'ROLLOUT_PLAN'] as const satisfies readonly (keyof ReleaseModelEnv)[];
