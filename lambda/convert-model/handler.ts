import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { readRawColumns } from '../../model/data/raw-columns.ts';
import { packModel, sourceFiles, unpack } from '../shared/archive.ts';
import { modelFiles } from '../../model/serving/model-files.ts';
import { RunLayout } from '../shared/layout.ts';
import { duckDbMemoryMb } from '../shared/memory.ts';
import { download, readJson, upload } from '../shared/objects.ts';
import { parse } from '../shared/payload.ts';
import { readEnv } from '../shared/read-env.ts';
import { parseS3Uri, under } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { withWorkspace } from '../shared/workspace.ts';
import { checkCompleted } from './completed.ts';
import { convert } from './convert.ts';
import { type ConvertModelEnv, convertModelEnv } from './env.ts';
import { type ConvertResult, convertSchema, fittedFeaturesSchema, preparedLabelSchema } from './payload.ts';
import { readSource, type SourceModel } from './source.ts';

const env: ConvertModelEnv = readEnv(convertModelEnv);

/** Converts the training job's model to ONNX, proves parity, and writes the model artifact with its manifest. */
export const handler = task('convert-model', convertSchema, ({ run, modelData, features: featuresUri, label: labelUri, test, schema, declared, trainingJob }, { logger, metrics }) =>
  withWorkspace(async (folder): Promise<ConvertResult> => {
    checkCompleted(trainingJob);
    const [source, fitted, label, rows] = await Promise.all([
      trainedModel(modelData, folder),
      readJson(parseS3Uri(featuresUri)),
      readJson(parseS3Uri(labelUri)),
      download(under(parseS3Uri(test), 'data.parquet'), path.join(folder, 'test.parquet')).then(() =>
        readRawColumns(path.join(folder, 'test.parquet'), schema, { memoryMb: duckDbMemoryMb(), temporaryFolder: folder })),
    ]);
    const features = parse(fittedFeaturesSchema, fitted.value, 'features.json');
    const { classes } = parse(preparedLabelSchema, label.value, 'label.json');
    // The run's start and not the present time: a step that runs twice writes the same bytes.
    const trainedAt = run.startedAt;
    const { onnx, description, parity, notCompiled } = await convert({ name: env.PIPELINE_NAME, source, features, schema, classes, trainedAt, gitCommit: declared?.revision, rows });

    const content = path.join(folder, 'artifact');
    await mkdir(content);
    await writeFile(path.join(content, modelFiles.onnx), onnx);
    await writeFile(path.join(content, modelFiles.description), `${JSON.stringify(description, null, 2)}\n`);
    await writeFile(path.join(content, sourceFiles[source.kind]), source.bytes);
    const archive = path.join(folder, 'model.tar.gz');
    await packModel(content, [...Object.values(modelFiles), sourceFiles[source.kind]], archive);
    const location = new RunLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, run.name).modelArtifact;
    const { sha256, bytes, versionId } = await upload(archive, location, 'application/gzip');

    const { trainer, rounds, task: learned } = description;
    if (notCompiled !== undefined) logger.warn('The model will be served by ONNX Runtime', { reason: notCompiled });
    logger.info('The model is converted', { sha256, bytes, trainer, rounds, parity });
    metrics.addMetric('ParityMaxDifference', MetricUnit.NoUnit, parity.maxDifference);
    metrics.addMetric('ModelBytes', MetricUnit.Bytes, bytes);
    return { artifact: { ...location, ...(versionId === undefined ? {} : { versionId }), sha256, bytes }, trainer, ...(rounds === undefined ? {} : { rounds }), task: learned, parity };
  }));

async function trainedModel(modelData: string, folder: string): Promise<SourceModel> {
  const archive = path.join(folder, 'training.tar.gz');
  await download(parseS3Uri(modelData), archive);
  const content = path.join(folder, 'training');
  await mkdir(content);
  await unpack(archive, content);
  return readSource(content, modelData);
}
