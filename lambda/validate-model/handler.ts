import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { readRawColumns } from '../../model/data/raw-columns.ts';
import { evaluate, evaluationJson, metricValues } from '../../model/evaluation/evaluate.ts';
import { featureImportance } from '../../model/evaluation/importance.ts';
import { renderReport } from '../../model/report/report.ts';
import { parseModelDescription } from '../../model/serving/description.ts';
import { judge } from '../../model/spec/gate.ts';
import { readBooster } from '../../model/xgboost/read.ts';
import { modelFiles, unpackModel } from '../shared/archive.ts';
import { RunLayout } from '../shared/layout.ts';
import { duckDbMemoryMb } from '../shared/memory.ts';
import { download, putJson, putText, readJson } from '../shared/objects.ts';
import { parse } from '../shared/payload.ts';
import { readEnv } from '../shared/read-env.ts';
import { formatS3Uri, parseS3Uri, under } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { requireDigest } from '../shared/verify.ts';
import { withWorkspace } from '../shared/workspace.ts';
import { reportColumns, statisticsSchema } from './columns.ts';
import { type ValidateModelEnv, validateModelEnv } from './env.ts';
import { type ValidateModelResult, validateModelSchema } from './payload.ts';
import { predictionsOf } from './predict.ts';
import { summary } from './summary.ts';

const env: ValidateModelEnv = readEnv(validateModelEnv);

/** Measures the artifact on the held-out rows, judges it by the gates, and writes the evaluation and the report. */
export const handler = task('validate-model', validateModelSchema, (payload, { logger, metrics }) =>
  withWorkspace(async (folder): Promise<ValidateModelResult> => {
    const { run, artifact, gates: declared } = payload;
    const content = path.join(folder, 'model');
    const archive = path.join(folder, 'model.tar.gz');
    const test = path.join(folder, 'test.parquet');
    const [{ sha256 }] = await Promise.all([download(artifact, archive), download(under(parseS3Uri(payload.test), 'data.parquet'), test), mkdir(content)]);
    requireDigest(artifact, sha256);
    await unpackModel(archive, content);
    const fileOf = (name: keyof typeof modelFiles) => readFile(path.join(content, modelFiles[name]));
    const description = parseModelDescription((await fileOf('description')).toString());

    const rows = await readRawColumns(test, description.schema, { memoryMb: duckDbMemoryMb(), temporaryFolder: folder });
    const startedAt = performance.now();
    const predictions = await predictionsOf(await fileOf('onnx'), description, rows);
    logger.info('The test rows are predicted', { rows: rows.rows, seconds: (performance.now() - startedAt) / 1000 });
    const { task: learned, classes } = description;
    const evaluation = evaluate({ task: learned, labels: rows.label, predictions, ...(classes === undefined ? {} : { classes }) });
    const values: Readonly<Record<string, number>> = metricValues(evaluation);
    const gates = judge(declared, values);
    const passed = gates.every((gate) => gate.passed);

    const statistics = parse(statisticsSchema, (await readJson(parseS3Uri(payload.statistics))).value, 'statistics.json');
    const reports = new RunLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, run.name);
    const { dataset, trainingJob } = payload;
    const html = renderReport({
      title: env.PIPELINE_NAME,
      createdAt: new Date().toISOString(),
      positiveClass: description.schema.label.name,
      target: description.schema.label.column,
      evaluation,
      gates,
      data: { rows: payload.fileRows, split: payload.rows, splitBy: payload.split, columns: reportColumns(description.schema, statistics), warnings: payload.warnings },
      lineage: {
        dataset,
        execution: { name: run.name, arn: run.executionArn },
        trainer: payload.trainer,
        trainingJob: trainingJob.name,
        hyperparameters: trainingJob.hyperParameters,
        artifact,
      },
      importance: featureImportance(readBooster(await fileOf('booster')), description.features.map((feature) => feature.name)),
    });
    await putJson(reports.report('evaluation.json'), evaluationJson(evaluation));
    await putText(reports.report('report.html'), html, 'text/html; charset=utf-8');

    for (const [name, value] of Object.entries(values)) {
      if (Number.isFinite(value)) metrics.addMetric(`Model${pascalCase(name)}`, MetricUnit.NoUnit, value);
    }
    metrics.addMetric('GatesMissed', MetricUnit.Count, gates.filter((gate) => !gate.passed).length);
    const line = summary(gates);
    logger.info(line, { passed, metrics: values });
    return { metrics: { ...values }, gates, passed, summary: line, evaluation: formatS3Uri(reports.report('evaluation.json')), report: formatS3Uri(reports.report('report.html')) };
  }));

/** `log_loss` as `LogLoss`, which metrics are called like. */
function pascalCase(name: string): string {
  return name.split('_').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join('');
}
