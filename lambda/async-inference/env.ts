/** The environment of the handler that predicts in the background. */
export interface AsyncInferenceEnv {
  /** The bucket that holds the deployment record. */
  readonly RECORD_BUCKET: string;
  /** The key of the deployment record that is followed. */
  readonly RECORD_KEY: string;
  /** The name that its metrics stand under, and a part of the keys of its answers. */
  readonly TARGET_NAME: string;
  /** How many seconds a deployment record is served before it is read again. */
  readonly REVALIDATE_SECONDS: string;
  /** The most rows that one request may send. */
  readonly MAX_BATCH_ROWS: string;
  /** The most bytes that one request may send. */
  readonly MAX_INPUT_BYTES: string;
  /** The bucket that answers go to. */
  readonly RESULT_BUCKET: string;
  /** How often the queue hands out a message before it puts it aside. */
  readonly MAX_RECEIVES: string;
}

/** The names in `AsyncInferenceEnv`. */
export const asyncInferenceEnv = [
  'RECORD_BUCKET', 'RECORD_KEY', 'TARGET_NAME', 'REVALIDATE_SECONDS', 'MAX_BATCH_ROWS', 'MAX_INPUT_BYTES', 'RESULT_BUCKET', 'MAX_RECEIVES',
] as const satisfies readonly (keyof AsyncInferenceEnv)[];
