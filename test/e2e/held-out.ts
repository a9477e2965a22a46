import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import type { Application } from '../../bin/cli/application.ts';
import { clientConfig, type Connection } from '../../bin/cli/connection.ts';
import { postSigned } from '../../bin/cli/http.ts';
import { parseS3Uri } from '../../bin/cli/s3-uri.ts';
import type { FinishedRun } from '../../bin/commands/run.ts';
import { Predictor } from '../../lambda/validate-model/opened-model.ts';
import { unpackModel } from '../../lambda/shared/archive.ts';
import { modelFiles } from '../../model/serving/model-files.ts';
import { quoteName, quoteText } from '../../model/data/quote.ts';
import { readRawColumns } from '../../model/data/raw-columns.ts';
import { evaluate, metricValues } from '../../model/evaluation/evaluate.ts';
import { answerOf, type Answer } from '../../model/serving/answer.ts';
import { parseModelDescription } from '../../model/serving/description.ts';
import { requestColumns } from '../../model/spec/dataset.ts';
import { query } from '../model/data/files.ts';

/** As many as the API takes at once. */
const batchRows = 100;

/**
 * Sends every held-out row of a run to its prediction API, and expects of the answers that they are what the evaluation had, bit for bit after
 * JSON, and that they make the run's metrics.
 */
export async function expectAnswersOfEvaluation({ connection, application }: { readonly connection: Connection; readonly application: Application }, { result }: FinishedRun, folder: string): Promise<void> {
  mkdirSync(folder);
  const { bucket, key } = parseS3Uri(result.report ?? '');
  const of = (place: string, name: string): string => key.replace(/^reports\//, `${place}/`).replace('report.html', name);
  const s3 = new S3Client({ ...clientConfig(connection), forcePathStyle: true });
  const download = async (from: string, to: string): Promise<string> => {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: from }));
    const file = path.join(folder, to);
    writeFileSync(file, await body!.transformToByteArray());
    return file;
  };
  try {
    const test = await download(of('intermediates', 'prepared/test/data.parquet'), 'test.parquet');
    const content = path.join(folder, 'model');
    mkdirSync(content);
    await unpackModel(await download(of('models', 'model.tar.gz'), 'model.tar.gz'), content);
    const file = (name: keyof typeof modelFiles): Promise<Buffer> => Promise.resolve(readFileSync(path.join(content, modelFiles[name])));
    const description = parseModelDescription((await file('description')).toString());

    const rows = await readRawColumns(test, description.schema, { memoryMb: 100, threads: 1 });
    const values = await Predictor.use({ description, file }, (predictor) => predictor.predict(rows.columns, rows.rows));
    const columns = values.length / rows.rows;
    const evaluated = Array.from({ length: rows.rows }, (_, row) => JSON.parse(JSON.stringify(answerOf(description, { values, columns }, row))) as Answer);

    const time = (name: string): string => `strftime(${name}, '%Y-%m-%dT%H:%M:%S.%f')`;
    const select = requestColumns(description.schema).map(({ name, type }) => `${type === 'timestamp' ? time(quoteName(name)) : quoteName(name)} AS ${quoteName(name)}`);
    const inputs = await query<Record<string, unknown>>(`SELECT ${select.join(', ')} FROM read_parquet(${quoteText(test)})`);
    const answers: Answer[] = [];
    for (let from = 0; from < inputs.length; from += batchRows) {
      const { status, body } = await postSigned(connection, `${application.apiUrl}/predict/batch`, { inputs: inputs.slice(from, from + batchRows) });
      expect({ status, body }).toMatchObject({ status: 200 });
      answers.push(...(body as { predictions: Answer[] }).predictions);
    }
    expect(answers).toEqual(evaluated);
    // One by one as well: a graph may add up a single row in another order than a batch.
    for (const row of [0, Math.floor(rows.rows / 2), rows.rows - 1]) {
      const { body } = await postSigned(connection, `${application.apiUrl}/predict`, { input: inputs[row] });
      expect(body).toMatchObject(evaluated[row]!);
    }
    const { task, classes } = description;
    const predictions = Float32Array.from(answers.flatMap(({ prediction, probabilities = {} }) => (task === 'regression' ? [Number(prediction)] : task === 'binary' ? [probabilities['1']!] : classes!.map((name) => probabilities[name]!))));
    expect(metricValues(evaluate({ task, labels: rows.label, predictions, bootstraps: 1, ...(classes === undefined ? {} : { classes }) }))).toEqual(result.metrics);
  } finally {
    s3.destroy();
  }
}
