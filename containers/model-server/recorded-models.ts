import { fetchModel } from '../../lambda/shared/serving/fetch-model.ts';
import { readRecord } from '../../lambda/shared/serving/record-reader.ts';
import type { ObjectLocation } from '../../lambda/shared/s3-uri.ts';
import { LiveModels } from '../../model/serving/live-models.ts';
import type { Log } from './log.ts';

/** The models that a deployment record in S3 names. */
export function recordedModels(record: ObjectLocation, revalidateMs: number, log: Log): LiveModels {
  return new LiveModels(
    {
      readRecord: (etag) => readRecord(record, etag),
      load: fetchModel,
      now: () => Date.now(),
      random: Math.random,
      onFailure: (what, error, details) => { log.error(what === 'model' ? 'The deployed model is refused' : 'The deployment record cannot be read', { error: String(error), ...details }); },
      onLoaded: ({ modelName, modelVersion, artifact }, seconds) => { log.info('A model was loaded', { modelName, modelVersion, artifact, seconds }); },
    },
    revalidateMs,
  );
}
