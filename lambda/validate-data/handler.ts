import path from 'node:path';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { validateDataset } from '../../model/data/validate.ts';
import { DataTooLarge } from '../shared/errors.ts';
import { RunLayout } from '../shared/layout.ts';
import { duckDbMemoryMb } from '../shared/memory.ts';
import { download, head, putJson } from '../shared/objects.ts';
import { readEnv } from '../shared/read-env.ts';
import { formatEnding, formatS3Uri } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { withWorkspace } from '../shared/workspace.ts';
import { type ValidateDataEnv, validateDataEnv } from './env.ts';
import { type ValidateResult, validateSchema } from './payload.ts';
import { rejection } from './rejection.ts';
import { checkRunName } from './run-name.ts';

const env: ValidateDataEnv = readEnv(validateDataEnv);

/** Profiles the training data, writes what it found, and refuses bad data with every reason. */
export const handler = task('validate-data', validateSchema, ({ run, dataset, schema, limits }, { logger, metrics }) =>
  withWorkspace(async (folder): Promise<ValidateResult> => {
    checkRunName(run.name);
    const { bytes, versionId } = await head(dataset);
    if (bytes > limits.maximumBytes) {
      throw new DataTooLarge(
        `${formatS3Uri(dataset)} has ${bytes.toLocaleString('en-US')} bytes, expected at most ${limits.maximumBytes.toLocaleString('en-US')}: ` +
        "raise the pipeline's bound on the data, which sizes memory and disk, or upload less.",
      );
    }
    const pinned = { bucket: dataset.bucket, key: dataset.key, ...(versionId === undefined ? {} : { versionId }) };
    const file = path.join(folder, `data${formatEnding(dataset.key)}`);
    const { sha256 } = await download(pinned, file);
    const report = await validateDataset({ file, schema, limits, memoryMb: duckDbMemoryMb(), temporaryFolder: folder });

    const reports = new RunLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, run.name);
    const written = { statistics: report.statistics, constraints: report.constraints, constraint_violations: report.violations };
    await Promise.all(Object.entries(written).map(([name, content]) => putJson(reports.report(`${name}.json`), content)));
    const uriOf = (name: keyof typeof written) => formatS3Uri(reports.report(`${name}.json`));
    metrics.addMetric('RowsValidated', MetricUnit.Count, report.rows);
    metrics.addMetric('DataRejected', MetricUnit.Count, report.passed ? 0 : 1);
    for (const warning of report.warnings) logger.warn(warning);
    if (!report.passed) throw rejection(formatS3Uri(dataset), report.reasons, uriOf('constraint_violations'));
    return {
      rows: report.rows,
      bytes,
      dataset: { ...pinned, sha256 },
      statistics: uriOf('statistics'),
      constraints: uriOf('constraints'),
      violations: uriOf('constraint_violations'),
      warnings: report.warnings.slice(0, maximumWarnings),
    };
  }));

/** A state's result is small: all warnings are in the violations' file. */
const maximumWarnings = 50;
