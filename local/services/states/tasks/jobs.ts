import type { Json, JsonObject } from '../../../states/index.ts';

/** A job that `.sync` waits for. */
export interface JobKind {
  /** The operation that tells how the job stands, and the one that ends it when the execution no longer waits. */
  readonly describe: string;
  readonly stop: string;
  /** The member of the start's answer, or else of its arguments, that names the job; and the argument that the other operations take it in. */
  readonly id: string;
  readonly status: string;
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
  /** The job's members that are JSON texts, which `.sync:2` answers as JSON. */
  readonly texts: readonly string[];
}

/** Jobs by service and operation. */
export const jobKinds: Readonly<Record<string, JobKind>> = {
  'sagemaker:createTrainingJob': {
    describe: 'describeTrainingJob',
    stop: 'stopTrainingJob',
    id: 'TrainingJobName',
    status: 'TrainingJobStatus',
    succeeded: ['Completed'],
    failed: ['Failed', 'Stopped'],
    texts: [],
  },
  'sagemaker:createHyperParameterTuningJob': {
    describe: 'describeHyperParameterTuningJob',
    stop: 'stopHyperParameterTuningJob',
    id: 'HyperParameterTuningJobName',
    status: 'HyperParameterTuningJobStatus',
    succeeded: ['Completed'],
    failed: ['Failed', 'Stopped'],
    texts: [],
  },
  'sagemaker:createTransformJob': {
    describe: 'describeTransformJob',
    stop: 'stopTransformJob',
    id: 'TransformJobName',
    status: 'TransformJobStatus',
    succeeded: ['Completed'],
    failed: ['Failed', 'Stopped'],
    texts: [],
  },
  'states:startExecution': {
    describe: 'describeExecution',
    stop: 'stopExecution',
    id: 'ExecutionArn',
    status: 'Status',
    succeeded: ['SUCCEEDED'],
    failed: ['FAILED', 'TIMED_OUT', 'ABORTED'],
    texts: ['Input', 'Output'],
  },
};

/** What a `.sync` task answers of a job that is done. */
export function jobResult(kind: JobKind, job: JsonObject, parseTexts: boolean): JsonObject {
  const { SdkHttpMetadata: _http, SdkResponseMetadata: _response, ...result } = job;
  if (!parseTexts) return result;
  const parsed = kind.texts.flatMap((name) => (typeof result[name] === 'string' ? [[name, JSON.parse(result[name]) as Json] as const] : []));
  return { ...result, ...Object.fromEntries(parsed) };
}
