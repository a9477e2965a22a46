import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { prepareDataset } from '../../model/data/prepare.ts';
import { fetchFiles, validatedFiles } from '../shared/dataset-files.ts';
import { RunLayout } from '../shared/layout.ts';
import { duckDbMemoryMb } from '../shared/memory.ts';
import { upload } from '../shared/objects.ts';
import { readEnv } from '../shared/read-env.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { withWorkspace } from '../shared/workspace.ts';
import { type PrepareDataEnv, prepareDataEnv } from './env.ts';
import { type PrepareResult, prepareSchema } from './payload.ts';

const env: PrepareDataEnv = readEnv(prepareDataEnv);

/** What is written beside the channels of the training job, and its type. */
const outputs = {
  'test/data.parquet': 'application/vnd.apache.parquet',
  'features.json': 'application/json',
  'label.json': 'application/json',
  'sample.json': 'application/json',
};

/** Splits the validated data, fits the features on the training part, and writes what the training job and the evaluation read. */
export const handler = task('prepare-data', prepareSchema, ({ run, dataset, schema, features, split, training }, { logger, metrics }) =>
  withWorkspace(async (folder): Promise<PrepareResult> => {
    const file = await fetchFiles(dataset, await validatedFiles(dataset), folder);
    const outDir = path.join(folder, 'prepared');
    await mkdir(outDir);
    const { rows, droppedRows, split: found, trainingFiles, classes = [] } = await prepareDataset({ file, schema, features, split, training, outDir, memoryMb: duckDbMemoryMb() });

    const layout = new RunLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, run.name);
    await Promise.all(Object.entries({ ...outputs, ...trainingFiles }).map(([name, type]) => upload(path.join(outDir, name), layout.intermediate(`prepared/${name}`), type)));
    logger.info('The data is prepared', { rows, droppedRows, split: found, classes });
    metrics.addMetric('RowsTrain', MetricUnit.Count, rows.train);
    metrics.addMetric('RowsValidation', MetricUnit.Count, rows.validation);
    metrics.addMetric('RowsTest', MetricUnit.Count, rows.test);
    metrics.addMetric('RowsDropped', MetricUnit.Count, droppedRows);
    const uriOf = (name: string) => formatS3Uri(layout.intermediate(`prepared/${name}`));
    return {
      rows,
      split: found,
      train: uriOf('train/'),
      validation: uriOf('validation/'),
      test: uriOf('test/'),
      features: uriOf('features.json'),
      label: uriOf('label.json'),
      classes: classes.length,
      sample: uriOf('sample.json'),
    };
  }));
