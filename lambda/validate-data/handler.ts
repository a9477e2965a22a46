import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { validateDataset } from '../../model/data/validate.ts';
import { checksFor } from '../../model/spec/resolve-checks.ts';
import { PipelineLayout } from '../../model/spec/layout.ts';
import { RunLayout } from '../shared/layout.ts';
import { duckDbMemoryMb } from '../shared/memory.ts';
import { putJson } from '../shared/objects.ts';
import { readEnv } from '../shared/read-env.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { withWorkspace } from '../shared/workspace.ts';
import { readBaseline } from './baseline.ts';
import { type ValidateDataEnv, validateDataEnv } from './env.ts';
import { type ValidateResult, validateSchema } from './payload.ts';
import { putIntoQuarantine } from './quarantine.ts';
import { rejection } from './rejection.ts';
import { checkRunName } from './run-name.ts';
import { fetchDataset } from './source.ts';

const env: ValidateDataEnv = readEnv(validateDataEnv);

/** Profiles the training data, compares it with its declaration and with the baseline, writes what it found, and puts bad data into quarantine with every reason. */
export const handler = task('validate-data', validateSchema, ({ run, dataset, schema, checks, maximumBytes }, { logger, metrics }) =>
  withWorkspace(async (folder): Promise<ValidateResult> => {
    checkRunName(run.name);
    const layout = new RunLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, run.name);
    const { bucket, key } = dataset;
    const manifestAt = layout.report('dataset.json');
    const { files, manifest, sha256, bytes } = await fetchDataset(dataset, maximumBytes, manifestAt, folder);
    const isCompared = schema.columns.some(({ name }) => checksFor(checks, 'drift', name).length > 0);
    const baseline = isCompared ? await readBaseline(layout.baseline) : undefined;
    const report = await validateDataset({ file: files, schema, checks, maximumBytes, ...(baseline === undefined ? {} : { baseline }), memoryMb: duckDbMemoryMb(), temporaryFolder: folder });

    const written = { statistics: report.statistics, constraints: report.constraints, constraint_violations: report.violations };
    await Promise.all(Object.entries(written).map(([name, content]) => putJson(layout.report(`${name}.json`), content)));
    const uriOf = (name: keyof typeof written) => formatS3Uri(layout.report(`${name}.json`));
    metrics.addMetric('RowsValidated', MetricUnit.Count, report.rows);
    metrics.addMetric('DataRejected', MetricUnit.Count, report.passed ? 0 : 1);
    for (const warning of report.warnings) logger.warn(warning);
    if (!report.passed) {
      const quarantine = { bucket: env.DATA_BUCKET, folder: `${new PipelineLayout(env.PIPELINE_NAME).quarantine}${run.name}/` };
      const quarantined = await putIntoQuarantine({ run, quarantine, dataset: { bucket, key }, files, report });
      throw rejection(formatS3Uri(dataset), report.reasons, uriOf('constraint_violations'), quarantined);
    }
    // Of several objects the manifest tells the versions.
    const versionId = key.endsWith('/') ? undefined : manifest.files[0]?.versionId;
    return {
      rows: report.rows,
      bytes,
      dataset: { bucket, key, ...(versionId === undefined ? {} : { versionId }), sha256, manifest: formatS3Uri(manifestAt) },
      statistics: uriOf('statistics'),
      constraints: uriOf('constraints'),
      violations: uriOf('constraint_violations'),
      warnings: report.warnings.slice(0, maximumWarnings),
    };
  }));

/** A state's result is small: all warnings are in the violations' file. */
const maximumWarnings = 50;
