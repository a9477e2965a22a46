import { ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { sfn } from '../shared/clients/sfn.ts';
import { isFolder } from '../shared/dataset-files.ts';
import { DataNotFound } from '../shared/errors.ts';
import { type ListedObject, listObjects } from '../shared/listing.ts';
import { readEnv } from '../shared/read-env.ts';
import type { ObjectLocation } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { datasetOf, newestDataset } from './dataset-of.ts';
import { type StartPipelineEnv, startPipelineEnv } from './env.ts';
import { executionArn, executionName } from './execution.ts';
import { type ExecutionInput, type ObjectCreated, type Start, type StartResult, startSchema } from './payload.ts';
import { outdatedBecause, pinned } from './pin.ts';

const env: StartPipelineEnv = readEnv(startPipelineEnv);

/** StartExecution answers a repeated request for a running execution as if it had started it: only its start date tells. */
const clockTolerance = 1000;

/** Starts a run for a new object or a completed folder, for the newest of them (schedule) or for a named one (by hand). */
export const handler = task('start-pipeline', startSchema, async (start, { logger, metrics }): Promise<StartResult> => {
  const request = await requested(start);
  if ('ignored' in request) {
    logger.info('No run is started', request);
    return { started: false, ignored: request.ignored };
  }
  const dataset = await pinned(request.dataset);
  const { bucket, key, versionId } = dataset;
  const input: ExecutionInput = { dataset: { bucket, key, ...(versionId === undefined || isFolder(key) ? {} : { versionId }) }, trigger: request.trigger };
  const name = executionName(dataset);
  const started = await startExecution(name, input);
  logger.info(started ? 'A run was started' : 'The run for this data exists already', { run: name, input });
  if (started) metrics.addMetric('RunsStarted', MetricUnit.Count, 1);
  return { executionArn: executionArn(env.STATE_MACHINE_ARN, name), name, started };
});

type Request = { readonly dataset: ObjectLocation; readonly trigger: ExecutionInput['trigger'] } | { readonly ignored: string };

async function requested(start: Start): Promise<Request> {
  if ('detail' in start) return announced(start);
  if (start.trigger === 'manual') return { dataset: { ...start.dataset, bucket: start.dataset.bucket ?? env.DATA_BUCKET }, trigger: 'manual' };
  return { dataset: { bucket: env.DATA_BUCKET, key: await newestKey() }, trigger: 'schedule' };
}

async function announced({ detail: { bucket: { name: bucket }, object } }: ObjectCreated): Promise<Request> {
  const { key, etag } = object;
  const version = object['version-id'] === undefined ? {} : { versionId: object['version-id'] };
  const completed = datasetOf(key, env.DATA_PREFIX);
  if ('ignored' in completed) return completed;
  const ignored = await outdatedBecause({ bucket, key, ...version, ...(etag === undefined ? {} : { etag }) });
  if (ignored !== undefined) return { ignored };
  return { dataset: { bucket, key: completed.key, ...(completed.key === key ? version : {}) }, trigger: 'event' };
}

async function newestKey(): Promise<string> {
  const objects: ListedObject[] = [];
  for await (const object of listObjects(env.DATA_BUCKET, env.DATA_PREFIX)) objects.push(object);
  const found = newestDataset(objects, env.DATA_PREFIX);
  if (found === undefined) {
    throw new DataNotFound(`s3://${env.DATA_BUCKET}/${env.DATA_PREFIX} holds no file and no complete folder: the schedule has nothing to train on. Upload one there.`);
  }
  return found;
}

async function startExecution(name: string, input: ExecutionInput): Promise<boolean> {
  const calledAt = Date.now();
  try {
    const answer = await sfn.send(new StartExecutionCommand({ stateMachineArn: env.STATE_MACHINE_ARN, name, input: JSON.stringify(input) }));
    return answer.startDate === undefined || answer.startDate.getTime() >= calledAt - clockTolerance;
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) return false;
    throw error;
  }
}
