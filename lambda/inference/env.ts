/** The environment of the inference handler: the contract between the construct that sets it and the code that reads it. */
export interface InferenceEnv {
  /** The bucket that holds the deployment record. */
  readonly RECORD_BUCKET: string;
  /** The deployment record's key, `deployments/<target>.json`. */
  readonly RECORD_KEY: string;
  /** The target's name, under which its metrics stand. */
  readonly TARGET_NAME: string;
  /** How many seconds a deployment record is served before it is read again. */
  readonly REVALIDATE_SECONDS: string;
  /** The most rows that one `POST /predict/batch` may send. */
  readonly MAX_BATCH_ROWS: string;
  /** JSON: who may call, `{"kind":"frontDoor"}` where what is in front of the function has checked it. */
  readonly AUTHORIZATION: string;
  /** JSON: which pages of other origins may call; `{}` where none may, or the front door says it itself. */
  readonly CORS: string;
  /** `true` where the log holds what was asked and answered, which may be private. */
  readonly LOG_PAYLOADS: string;
  /** `true` where answers are streamed, as a function URL may do. */
  readonly STREAMING: string;
}

/** The names in `InferenceEnv`. */
export const inferenceEnv = ['RECORD_BUCKET', 'RECORD_KEY', 'TARGET_NAME', 'REVALIDATE_SECONDS', 'MAX_BATCH_ROWS', 'AUTHORIZATION', 'CORS', 'LOG_PAYLOADS', 'STREAMING'] as const satisfies readonly (keyof InferenceEnv)[];
