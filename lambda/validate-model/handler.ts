import path from 'node:path';
import { readRawColumns } from '../../model/data/raw-columns.ts';
import { evaluationJson, metricValues } from '../../model/evaluation/evaluate.ts';
import { judge } from '../../model/evaluation/judge.ts';
import { renderReport } from '../../model/report/report.ts';
import { PipelineLayout } from '../../model/spec/layout.ts';
import { RunLayout } from '../shared/layout.ts';
import { duckDbMemoryMb } from '../shared/memory.ts';
import { download, putJson, putText, readJson } from '../shared/objects.ts';
import { parse } from '../shared/payload.ts';
import { readEnv } from '../shared/read-env.ts';
import { formatS3Uri, parseS3Uri, under } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { withWorkspace } from '../shared/workspace.ts';
import { challengeChampion } from './champion.ts';
import { reportColumns, statisticsSchema } from './columns.ts';
import { type ValidateModelEnv, validateModelEnv } from './env.ts';
import { gainOf, measureModel, Slicer } from './measure.ts';
import { addMetrics } from './metrics.ts';
import { openArtifact } from './opened-model.ts';
import { type ValidateModelResult, validateModelSchema } from './payload.ts';
import { summary } from './summary.ts';
import { readTrials } from './trials.ts';

const env: ValidateModelEnv = readEnv(validateModelEnv);

/** Measures the artifact on the held-out rows beside the model that is served, judges it by the gates, and writes the evaluation and the report. */
export const handler = task('validate-model', validateModelSchema, (payload, { logger, metrics }) =>
  withWorkspace(async (folder): Promise<ValidateModelResult> => {
    const { run, artifact, dataset, trainingJob, split, splitSpec } = payload;
    const test = path.join(folder, 'test.parquet');
    const [content] = await Promise.all([openArtifact(artifact, path.join(folder, 'model')), download(under(parseS3Uri(payload.test), 'data.parquet'), test)]);
    const { description } = content;
    const rows = await readRawColumns(test, description.schema, { memoryMb: duckDbMemoryMb(), temporaryFolder: folder });

    const measured = await measureModel(content, rows);
    const { predictions, evaluation, permutation, latency } = measured;
    const files = (name: string): RunLayout => new RunLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, name);
    const reports = files(run.name);
    const trainedOn = { dataset: { sha256: dataset.sha256 }, schema: description.schema, splitSpec, split };
    const champion = await challengeChampion({
      run, description, trainedOn, rows, predictions, folder,
      record: { bucket: env.RECORD_BUCKET, key: env.RECORD_KEY },
      models: { bucket: env.ARTIFACT_BUCKET, key: new PipelineLayout(env.PIPELINE_NAME).models },
      evaluatedBy: (name) => files(name).report('champion.json'),
    });
    const slicer = new Slicer(description, rows, measured);
    const slices = slicer.tables(payload.sliceColumns);
    const gates = judge(payload.gates, { metrics: evaluation.metrics, slicesBy: (column, metric, minimumRows) => slicer.by(column, metric, minimumRows), champion: champion.evidence });
    const passed = gates.every((gate) => gate.passed);
    const importance = await gainOf(content);

    const statistics = parse(statisticsSchema, (await readJson(parseS3Uri(payload.statistics))).value, 'statistics.json');
    const tuning = trainingJob.tuning === undefined ? undefined : await readTrials(trainingJob.tuning, trainingJob.name);
    const html = renderReport({
      title: env.PIPELINE_NAME,
      createdAt: new Date().toISOString(),
      positiveClass: description.schema.label.name,
      target: description.schema.label.column,
      evaluation,
      gates,
      data: { rows: payload.fileRows, split: payload.rows, splitBy: split, columns: reportColumns(description.schema, statistics), warnings: payload.warnings },
      lineage: {
        dataset,
        execution: { name: run.name, arn: run.executionArn },
        trainer: payload.trainer,
        trainingJob: trainingJob.name,
        hyperparameters: trainingJob.hyperParameters,
        artifact,
      },
      ...(importance === undefined ? {} : { importance }),
      permutation,
      slices,
      champion: champion.report,
      ...(latency === undefined ? {} : { latency }),
      ...(tuning === undefined ? {} : { tuning }),
    });
    await Promise.all([
      putJson(reports.report('evaluation.json'), evaluationJson(evaluation)),
      putJson(reports.report('slices.json'), { slices }),
      putJson(reports.report('importance.json'), { gain: importance, permutation }),
      putJson(reports.report('champion.json'), { trainedOn, champion: champion.report }),
      putJson(reports.report('latency.json'), { latency }),
      ...(tuning === undefined ? [] : [putJson(reports.report('trials.json'), tuning)]),
      putText(reports.report('report.html'), html, 'text/html; charset=utf-8'),
    ]);

    const values: Readonly<Record<string, number>> = metricValues(evaluation);
    addMetrics(metrics, { values, gates, latency });
    const line = summary(gates);
    logger.info(line, { passed, metrics: values, champion: champion.report.state });
    return { metrics: { ...values }, gates, passed, summary: line, evaluation: formatS3Uri(reports.report('evaluation.json')), report: formatS3Uri(reports.report('report.html')) };
  }));
