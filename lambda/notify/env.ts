/** The environment of the notify handler: the contract between the construct that sets it and the code that reads it. */
export interface NotifyEnv {
  /** The artifact bucket, where `failure.json` and the claims of sent messages go. */
  readonly ARTIFACT_BUCKET: string;
  /** The pipeline's name. */
  readonly PIPELINE_NAME: string;
  /** The topic that the messages are published to. */
  readonly TOPIC_ARN: string;
}

/** The names in `NotifyEnv`. */
export const notifyEnv = ['ARTIFACT_BUCKET', 'PIPELINE_NAME', 'TOPIC_ARN'] as const satisfies readonly (keyof NotifyEnv)[];
