/** The environment of the start-pipeline handler: the contract between the construct that sets it and the code that reads it. */
export interface StartPipelineEnv {
  /** The state machine that a start runs. */
  readonly STATE_MACHINE_ARN: string;
  /** The data bucket: where a scheduled start looks for the newest file, and the default of a manual one. */
  readonly DATA_BUCKET: string;
  /** The prefix of this pipeline's training files, ending in `/`. */
  readonly DATA_PREFIX: string;
}

/** The names in `StartPipelineEnv`. */
export const startPipelineEnv = ['STATE_MACHINE_ARN', 'DATA_BUCKET', 'DATA_PREFIX'] as const satisfies readonly (keyof StartPipelineEnv)[];
