import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Clock, Credentials } from '../../core/context.ts';
import { timeVariables } from '../clock/time-preload.ts';
import { host } from './job-folder.ts';
import type { JobFolder } from './job-folder.ts';

/** What a training program's environment is made of. */
export interface TrainingEnvironment {
  readonly jobName: string;
  readonly jobArn: string;
  readonly region: string;
  readonly endpoint: string;
  readonly clock: Clock;
  readonly credentials: Required<Credentials>;
  readonly folder: JobFolder;
  readonly hyperParameters: Readonly<Record<string, string>>;
  readonly channels: readonly string[];
  /** Of the program, then of the job: the job's wins. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The environment of a training program: the platform's variables and those of SageMaker's training toolkit; of the host only PATH. */
export function trainingEnvironment(job: TrainingEnvironment): Record<string, string> {
  const { folder, credentials, channels } = job;
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    ...job.variables,
    ...timeVariables(job.clock, job.variables),
    HOME: path.join(folder.base, 'tmp'),
    TMPDIR: path.join(folder.base, 'tmp'),
    AWS_REGION: job.region,
    AWS_DEFAULT_REGION: job.region,
    AWS_ENDPOINT_URL: job.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    TRAINING_JOB_NAME: job.jobName,
    TRAINING_JOB_ARN: job.jobArn,
    CURRENT_HOST: host,
    SAGEMAKER_BASE_DIR: folder.base,
    SM_MODEL_DIR: folder.model,
    SM_INPUT_DIR: path.join(folder.base, 'input'),
    SM_OUTPUT_DIR: path.join(folder.base, 'output'),
    SM_OUTPUT_DATA_DIR: folder.outputData,
    SM_CURRENT_HOST: host,
    SM_HOSTS: JSON.stringify([host]),
    SM_NUM_CPUS: String(availableParallelism()),
    SM_NUM_GPUS: '0',
    SM_HPS: JSON.stringify(job.hyperParameters),
    SM_CHANNELS: JSON.stringify(channels),
    ...Object.fromEntries(channels.map((name) => [`SM_CHANNEL_${name.toUpperCase().replaceAll('-', '_')}`, folder.channel(name)])),
  };
}
