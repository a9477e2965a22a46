import { setTimeout as delay } from 'node:timers/promises';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { withNewestRecords } from '../../model/data/newest.ts';
import { featureStore } from '../shared/clients/feature-store.ts';
import { fetchFiles, validatedFiles } from '../shared/dataset-files.ts';
import { duckDbMemoryMb } from '../shared/memory.ts';
import { readEnv } from '../shared/read-env.ts';
import { task } from '../shared/task.ts';
import { withWorkspace } from '../shared/workspace.ts';
import { type UpdateFeatureStoreEnv, updateFeatureStoreEnv } from './env.ts';
import { TooManyRecords } from './errors.ts';
import { updateSchema, type UpdateResult } from './payload.ts';
import { featureGroupStore } from './store.ts';
import { batchSize, writeRecords } from './write.ts';

const env: UpdateFeatureStoreEnv = readEnv(updateFeatureStoreEnv);

const clock = { now: () => Date.now(), sleep: (milliseconds: number) => delay(milliseconds).then(() => undefined) };

/** Writes the newest record of each identifier of the validated data to the feature group. */
export const handler = task('update-feature-store', updateSchema, ({ dataset, schema, group, online, maximumRecords, writesPerSecond }, { logger, metrics, deadline }) =>
  withWorkspace(async (folder): Promise<UpdateResult> => {
    const file = await fetchFiles(dataset, await validatedFiles(dataset), folder);
    return withNewestRecords({ file, schema, group, memoryMb: duckDbMemoryMb(), temporaryFolder: folder }, async ({ count, skippedRows, batches }) => {
      if (count > maximumRecords) {
        throw new TooManyRecords(
          `The data has ${count.toLocaleString('en-US')} values of '${group.recordIdentifier}', expected at most ${maximumRecords.toLocaleString('en-US')}: raise maximumRecords of the feature group, which is checked against the time that writing them takes.`,
        );
      }
      const store = featureGroupStore(featureStore, env.FEATURE_GROUP_NAME, group, online);
      const { written, unchanged } = await writeRecords(batches(batchSize), count, store, { writesPerSecond, deadline, clock });
      logger.info('The feature store is up to date', { featureGroup: env.FEATURE_GROUP_NAME, records: count, written, unchanged, skippedRows });
      metrics.addMetric('FeatureRecordsWritten', MetricUnit.Count, written);
      return { featureGroup: env.FEATURE_GROUP_NAME, records: count, written, unchanged, skippedRows };
    });
  }));
