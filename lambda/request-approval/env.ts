/** The environment of the request-approval handler: the contract between the construct that sets it and the code that reads it. */
export interface RequestApprovalEnv {
  /** The artifact bucket, where requests and decisions lie under `approvals/`. */
  readonly ARTIFACT_BUCKET: string;
  /** The pipeline's name. */
  readonly PIPELINE_NAME: string;
  /** The topic on which people are asked. */
  readonly TOPIC_ARN: string;
}

/** The names in `RequestApprovalEnv`. */
export const requestApprovalEnv = ['ARTIFACT_BUCKET', 'PIPELINE_NAME', 'TOPIC_ARN'] as const satisfies readonly (keyof RequestApprovalEnv)[];
