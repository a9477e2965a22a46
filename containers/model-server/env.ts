/** The environment of the model server: the contract between the constructs that set it and the code that reads it. Texts, as every variable. */
export interface ModelServerEnv {
  /** The address that it listens on. @default - all of the machine's */
  readonly HOST?: string;
  /** Where it listens. @default - 8080, as SageMaker expects */
  readonly PORT?: string;
  /** The bucket that holds the deployment record. @default - no record: the one model in `MODEL_FOLDER` is served */
  readonly RECORD_BUCKET?: string;
  /** The deployment record's key, `deployments/<target>.json`. */
  readonly RECORD_KEY?: string;
  /** How many seconds a deployment record is served before it is read again. @default - 5 */
  readonly REVALIDATE_SECONDS?: string;
  /** The target's name, under which CloudWatch's metrics stand in the log. @default - they are left out; Prometheus' are there in any case */
  readonly TARGET_NAME?: string;
  /** Where the files of a model lie where there is no record. @default - SM_MODEL_DIR */
  readonly MODEL_FOLDER?: string;
  /** Where SageMaker has unpacked the model. @default - /opt/ml/model */
  readonly SM_MODEL_DIR?: string;
  /** A `model.tar.gz` on this machine, in the place of `MODEL_FOLDER`. @default - none */
  readonly MODEL_ARCHIVE?: string;
  /** The SHA-256 that the archive must have. @default - it is not compared; the digests in its manifest are */
  readonly MODEL_SHA256?: string;
  /** The name of the model in `MODEL_FOLDER`. @default - the one in its model.json */
  readonly MODEL_NAME?: string;
  /** The version of the model in `MODEL_FOLDER`. @default - 1 */
  readonly MODEL_VERSION?: string;
  /** How many event loops answer requests, each in a thread with the models in its memory. @default - one a processor, at most 8 */
  readonly EVENT_LOOPS?: string;
  /** Which requests are logged, a line of JSON each: `all`, `refused` for those that were not answered as asked, `none`. @default refused */
  readonly LOG_REQUESTS?: string;
  /** `true` where the log holds every request with what was asked and answered, which may be private. @default false */
  readonly LOG_PAYLOADS?: string;
  /** The most rows that one batch may send. @default - 10000 */
  readonly MAX_BATCH_ROWS?: string;
}
