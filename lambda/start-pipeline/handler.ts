import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { s3 } from '../shared/clients/s3.ts';
import { sfn } from '../shared/clients/sfn.ts';
import { DataNotFound } from '../shared/errors.ts';
import { head } from '../shared/objects.ts';
import { readEnv } from '../shared/read-env.ts';
import { task } from '../shared/task.ts';
import { type StartPipelineEnv, startPipelineEnv } from './env.ts';
import { executionArn, executionName, ignoredBecause, type ListedObject, newest, type PinnedObject } from './execution.ts';
import { type ExecutionInput, type Start, type StartResult, startSchema } from './payload.ts';

const env: StartPipelineEnv = readEnv(startPipelineEnv);

/** StartExecution answers a repeated request for a running execution as if it had started it: only its start date tells. */
const clockTolerance = 1000;

/** Starts a run for a new object, for the newest object (schedule) or for a named one (by hand). */
export const handler = task('start-pipeline', startSchema, async (start, { logger, metrics }): Promise<StartResult> => {
  const request = await requested(start);
  const ignored = ignoredBecause(request.object.key, env.DATA_PREFIX);
  if (ignored !== undefined && request.trigger !== 'manual') {
    logger.info('No run is started', { ignored });
    return { started: false, ignored };
  }
  const object = await pinned(request.object);
  const { bucket, key, versionId } = object;
  const input: ExecutionInput = { dataset: { bucket, key, ...(versionId === undefined ? {} : { versionId }) }, trigger: request.trigger };
  const name = executionName(object);
  const started = await startExecution(name, input);
  logger.info(started ? 'A run was started' : 'The run for this object exists already', { run: name, input });
  if (started) metrics.addMetric('RunsStarted', MetricUnit.Count, 1);
  return { executionArn: executionArn(env.STATE_MACHINE_ARN, name), name, started };
});

async function requested(start: Start): Promise<{ object: PinnedObject; trigger: ExecutionInput['trigger'] }> {
  if ('detail' in start) {
    const { bucket, object } = start.detail;
    const versionId = object['version-id'];
    return { object: { bucket: bucket.name, key: object.key, ...(versionId === undefined ? {} : { versionId }) }, trigger: 'event' };
  }
  if (start.trigger === 'manual') return { object: { ...start.dataset, bucket: start.dataset.bucket ?? env.DATA_BUCKET }, trigger: 'manual' };
  return { object: { bucket: env.DATA_BUCKET, key: await newestKey() }, trigger: 'schedule' };
}

/** The object with the version that it has now, so that the run reads what the name was derived from. */
async function pinned(object: PinnedObject): Promise<PinnedObject> {
  if (object.versionId !== undefined) return object;
  const { versionId, etag } = await head(object);
  return { ...object, etag, ...(versionId === undefined ? {} : { versionId }) };
}

async function newestKey(): Promise<string> {
  const objects: ListedObject[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: env.DATA_BUCKET, Prefix: env.DATA_PREFIX, ContinuationToken: token }));
    for (const { Key: key, LastModified: lastModified } of page.Contents ?? []) {
      if (key !== undefined && lastModified !== undefined) objects.push({ key, lastModified });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  const found = newest(objects);
  if (found === undefined) {
    throw new DataNotFound(`s3://${env.DATA_BUCKET}/${env.DATA_PREFIX} holds no file: the schedule has nothing to train on. Upload one there.`);
  }
  return found.key;
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
