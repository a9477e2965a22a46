/** The environment of the decide-approval handler: the contract between the construct that sets it and the code that reads it. */
export interface DecideApprovalEnv {
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
  /** The state machine that brings new versions to production. */
  readonly ROLLOUT_STATE_MACHINE_ARN: string;
  /** The topic on which people are told what a decision led to. */
  readonly TOPIC_ARN: string;
}

/** The names in `DecideApprovalEnv`. */
export const decideApprovalEnv = [
  'ARTIFACT_BUCKET', 'PIPELINE_NAME', 'MODEL_PACKAGE_GROUP', 'RECORD_BUCKET', 'RECORD_KEY', 'ROLLOUT_PLAN', 'ROLLOUT_STATE_MACHINE_ARN', 'TOPIC_ARN',
] as const satisfies readonly (keyof DecideApprovalEnv)[];
