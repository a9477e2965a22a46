import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { create } from 'tar';
import { readMatrix } from '../../../model/data/matrix.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { Feature } from '../../../model/spec/feature.ts';
import { parseHyperparameters } from '../../../model/spec/hyperparameter-parser.ts';
import { Split } from '../../../model/spec/split.ts';
import { train } from '../../../model/trainer/train.ts';
import { writeUbjson } from '../../../model/xgboost/write.ts';
import type { HttpAnswer } from '../../../lambda/inference/response.ts';
import type { LambdaContext } from '../../../lambda/shared/task.ts';
import { context, type FakeAws } from './fake-aws.ts';

/** The buckets and the names of the pipeline under test. */
export const names = { data: 'data-bucket', artifacts: 'artifact-bucket', pipeline: 'trips', topic: 'arn:aws:sns:us-east-1:000000000000:notifications' };

/** Sets what all handlers read at their start. @param endpointUrl of the smoke test. */
export function setEnvironment(endpointUrl: string): void {
  Object.assign(process.env, {
    STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:trips',
    DATA_BUCKET: names.data,
    DATA_PREFIX: `raw/${names.pipeline}/`,
    ARTIFACT_BUCKET: names.artifacts,
    PIPELINE_NAME: names.pipeline,
    MODEL_PACKAGE_GROUP: names.pipeline,
    RECORD_BUCKET: names.artifacts,
    RECORD_KEY: 'deployments/staging.json',
    ROLLOUT_PLAN: '{"kind":"allAtOnce"}',
    ROLLOUT_STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:staging-rollout',
    TARGET_NAME: 'staging',
    ENDPOINT_URL: endpointUrl,
    REVALIDATE_SECONDS: '0',
    MAX_BATCH_ROWS: '30',
    AUTHORIZATION: '{"kind":"frontDoor"}',
    CORS: '{}',
    LOG_PAYLOADS: 'false',
    STREAMING: 'false',
    TOPIC_ARN: names.topic,
    FEATURE_GROUP_NAME: 'trips',
    API_KEYS: JSON.stringify({ 'key-secret': { client: 'mobile', digests: 'digest-secret' } }),
    GRACE_SECONDS: '3600',
  });
}

/** A small dataset with a pattern: trips are late in the evening and from one of the stations. */
export const dataset = new Dataset({
  columns: [Column.timestamp('start'), Column.number('distance', { minimum: 0 }), Column.string('station'), Column.number('delay')],
  label: Label.above('delay', 15, 'late'),
}).toJSON();

export const features = [Feature.hourOfDay('start'), Feature.numeric('distance'), Feature.category('station')].map((feature) => feature.toJSON());
export const split = Split.byRowHash({ train: 0.6, validation: 0.2, test: 0.2 }).toJSON();

/** Rows of the dataset as CSV, the same ones each time; some distances are missing. */
export function csv(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const hour = (row * 7) % 24;
    const station = ['north', 'south', 'east'][row % 3] ?? '';
    const distance = row % 11 === 0 ? '' : String(((row * 37) % 400) / 10);
    const delay = (hour > 16 ? 12 : 0) + (station === 'north' ? 6 : 0) + ((row * 13) % 9);
    return `2026-03-${String(1 + (row % 28)).padStart(2, '0')}T${String(hour).padStart(2, '0')}:${String(row % 60).padStart(2, '0')}:00,${distance},${station},${String(delay)}`;
  });
  return `start,distance,station,delay\n${lines.join('\n')}\n`;
}

/** Does what the training job does: reads the channels, trains, and packs `xgboost-model`. */
export async function trainInPlaceOfTheJob(aws: FakeAws, run: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'training-'));
  try {
    const prefix = `intermediates/${names.pipeline}/${run}`;
    for (const part of ['train', 'validation']) await writeFile(path.join(folder, `${part}.parquet`), aws.get(names.artifacts, `${prefix}/prepared/${part}/data.parquet`)?.body ?? '');
    const parsed = parseHyperparameters({ objective: 'binary:logistic', num_round: '12', max_depth: '3', base_score: '0.5', seed: '7' });
    if (parsed.parameters === undefined) throw new Error(JSON.stringify(parsed));
    const booster = await train({ train: await readMatrix([path.join(folder, 'train.parquet')], { memoryMb: 256 }), parameters: parsed.parameters, threads: 1 });
    await writeFile(path.join(folder, 'xgboost-model'), writeUbjson(booster));
    await create({ file: path.join(folder, 'model.tar.gz'), cwd: folder, gzip: true }, ['xgboost-model']);
    const key = `${prefix}/training/job-1/output/model.tar.gz`;
    aws.put(names.artifacts, key, await readFile(path.join(folder, 'model.tar.gz')));
    return `s3://${names.artifacts}/${key}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The inference handler. */
export type HttpHandler = (event: unknown, context: LambdaContext) => Promise<HttpAnswer>;

/** Serves an inference handler over HTTP, as an HTTP API does. */
export async function serveHttp(handler: () => HttpHandler): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
      const event = {
        version: '2.0',
        rawPath: pathname,
        rawQueryString: search.slice(1),
        headers,
        requestContext: { requestId: 'http-1', stage: '$default', http: { method: request.method ?? '' } },
        body: Buffer.concat(chunks).toString('base64'),
        isBase64Encoded: true,
      };
      void handler()(event, context).then(({ statusCode, headers: answered, body, isBase64Encoded }) => response.writeHead(statusCode, answered).end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, server };
}
