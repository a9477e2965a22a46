import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConvertResult } from '../../lambda/convert-model/payload.ts';
import type { RegisterResult } from '../../lambda/register-model/payload.ts';
import type { ValidateModelResult } from '../../lambda/validate-model/payload.ts';
import { DataCheck } from '../../model/spec/check.ts';
import { resolveChecks } from '../../model/spec/resolve-checks.ts';
import { context, FakeAws } from './support/fake-aws.ts';
import { csv, dataset, features, names, type HttpHandler, serveHttp, setEnvironment, split, trainInPlaceOfTheJob } from './support/pipeline.ts';

const aws = new FakeAws();
let server: Server;
let endpointUrl: string;
let inference: HttpHandler;

beforeAll(async () => {
  await aws.start();
  ({ url: endpointUrl, server } = await serveHttp(() => inference));
  setEnvironment(endpointUrl);
  ({ handler: inference } = await import('../../lambda/inference/handler.ts'));
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await aws.stop();
});

test('a file becomes a served model, handler by handler', { timeout: 60_000 }, async () => {
  const uploaded = aws.put(names.data, 'raw/trips/march 2026+ü.csv', csv(3000));
  const { handler: start } = await import('../../lambda/start-pipeline/handler.ts');
  const event = { source: 'aws.s3', detail: { bucket: { name: names.data }, object: { key: 'raw/trips/march 2026+ü.csv', 'version-id': uploaded.versionId } } };
  const started = await start(event, context);
  if (!('name' in started)) throw new Error('not started');
  expect(started).toMatchObject({ started: true, name: expect.stringMatching(/^march-2026-[0-9a-f]{12}$/) as string });
  expect(await start(event, context)).toMatchObject({ executionArn: started.executionArn });
  expect(aws.executions.size).toBe(1);

  // Overwritten after the event: the run still reads its own version.
  aws.put(names.data, 'raw/trips/march 2026+ü.csv', 'nonsense');
  const input = JSON.parse(aws.executions.get(started.name)?.input ?? '') as { dataset: object };
  const run = { name: started.name, executionArn: started.executionArn, startedAt: '2026-11-20T12:00:00.000Z' };
  const trainingJob = { name: 'job-1', arn: 'arn:aws:sagemaker:us-east-1:000000000000:training-job/job-1', image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5', hyperParameters: { num_round: '12' }, status: 'Completed', secondaryStatus: 'Completed', maxRuntimeSeconds: 3600 };

  const { handler: validate } = await import('../../lambda/validate-data/handler.ts');
  const validation = await validate({ run, ...input, schema: dataset, checks: resolveChecks([DataCheck.nulls({ maximumShare: 0.2 }).toJSON()]), maximumBytes: 1e7 }, context);
  expect(validation).toMatchObject({ rows: 3000, dataset: { versionId: uploaded.versionId } });
  expect(aws.json(names.artifacts, `reports/trips/${run.name}/statistics.json`)).toMatchObject({ dataset: { item_count: 3000 } });

  const { handler: prepare } = await import('../../lambda/prepare-data/handler.ts');
  const prepared = await prepare({ run, dataset: validation.dataset, schema: dataset, features, split, training: { contentType: 'application/x-parquet', parts: 1 } }, context);
  expect(prepared.split).toEqual({ kind: 'rowHash', unplacedRows: 0 });
  expect(prepared.rows.train + prepared.rows.validation + prepared.rows.test).toBe(3000);

  const modelData = await trainInPlaceOfTheJob(aws, run.name);
  const { handler: convert } = await import('../../lambda/convert-model/handler.ts');
  const conversion: ConvertResult = await convert({ run, modelData, features: prepared.features, label: prepared.label, test: prepared.test, schema: dataset, declared: { revision: 'abc' }, trainingJob }, context);
  expect(conversion).toMatchObject({ rounds: 12, task: 'binary', artifact: { key: `models/trips/${run.name}/model.tar.gz` } });
  expect(conversion.parity.rows).toBeGreaterThan(prepared.rows.test);
  const again = await convert({ run, modelData, features: prepared.features, label: prepared.label, test: prepared.test, schema: dataset, declared: { revision: 'abc' }, trainingJob }, context);
  expect(again.artifact.sha256).toBe(conversion.artifact.sha256);

  const stopped = { ...trainingJob, status: 'Stopped', secondaryStatus: 'MaxRuntimeExceeded' };
  await expect(convert({ run, modelData: '', features: prepared.features, label: prepared.label, test: prepared.test, schema: dataset, trainingJob: stopped }, context)).rejects.toMatchObject({
    name: 'TrainingStopped',
    message: expect.stringMatching(/job-1 ended as Stopped \(MaxRuntimeExceeded\), expected Completed: it may run 3600 s/) as string,
  });

  const { handler: validateModel } = await import('../../lambda/validate-model/handler.ts');
  const gates = [{ metric: 'auc', comparison: 'above', threshold: 0.9 }];
  const judged = { run, artifact: conversion.artifact, test: prepared.test, gates, fileRows: validation.rows, rows: prepared.rows, split: prepared.split, splitSpec: split, statistics: validation.statistics, dataset: validation.dataset, trainer: conversion.trainer, trainingJob, warnings: [] };
  const evaluation: ValidateModelResult = await validateModel(judged, context);
  expect(evaluation.passed).toBe(true);
  expect(evaluation.summary).toMatch(/^auc 0\.9\d+ is above 0\.9 by 0\.\d+ \([\d.]+ standard deviations\)$/);
  expect(aws.get(names.artifacts, `reports/trips/${run.name}/report.html`)?.contentType).toBe('text/html; charset=utf-8');
  const page = String(aws.get(names.artifacts, `reports/trips/${run.name}/report.html`)?.body);
  for (const text of ['Where is it weakest?', 'What it cannot do without', 'How fast is it?', 'no model is served yet', '<h3>3,000 rows</h3>', '<td><code>distance</code></td><td>number</td><td>0 to 39.9</td>', '<td>3 values</td>']) expect(page).toContain(text);
  const missed = await validateModel({ ...judged, gates: [{ metric: 'auc', comparison: 'above', threshold: 1.5 }] }, context);
  expect(missed).toMatchObject({ passed: false, summary: expect.stringMatching(/^auc 0\.9\d+ is not above 1\.5: 0\.5\d+ short \([\d.]+ standard deviations\)$/) as string });
  await validateModel(judged, context);

  // What else was measured lies beside the evaluation.
  const reportOf = (name: string, of = run.name): unknown => aws.json(names.artifacts, `reports/trips/${of}/${name}`);
  expect(reportOf('slices.json')).toMatchObject({ slices: [{ column: 'station', metric: 'auc' }, { column: 'start' }, { column: 'distance' }] });
  expect(reportOf('importance.json')).toMatchObject({ gain: [{ feature: 'start_hour_of_day' }, { feature: 'distance' }, { feature: 'station' }], permutation: { metric: 'auc', columns: [{ column: 'start' }, { column: 'station' }, { column: 'distance' }] } });
  expect(reportOf('latency.json')).toMatchObject({ latency: { machine: expect.stringContaining(process.arch) as string, singleRow: { p50Ms: expect.any(Number) as number } } });
  expect(reportOf('champion.json')).toMatchObject({ trainedOn: { splitSpec: split, dataset: { sha256: validation.dataset.sha256 } }, champion: { state: 'none' } });
  await validateModel({ ...judged, sliceColumns: ['distance'] }, context);
  expect((reportOf('slices.json') as { slices: { column: string }[] }).slices.map(({ column }) => column)).toEqual(['distance']);

  const { handler: register } = await import('../../lambda/register-model/handler.ts');
  const registration = { run, artifact: conversion.artifact, trainer: conversion.trainer, task: conversion.task, classes: prepared.classes, evaluation, dataset: validation.dataset, statistics: validation.statistics, constraints: validation.constraints, trainingJob, fileRows: validation.rows, rows: prepared.rows, features, split: prepared.split, declared: { card: {}, revision: 'abc' } };
  const model: RegisterResult = await register(registration, context);
  expect(model).toMatchObject({ modelName: 'trips', modelVersion: '1', sha256: conversion.artifact.sha256 });
  expect(await register(registration, context)).toEqual(model);
  expect(aws.packages).toHaveLength(1);

  expect((await inference(get('/health'), context)).statusCode).toBe(503);
  const { handler: rollOut } = await import('../../lambda/roll-out/handler.ts');
  const registered = { modelPackageArn: model.modelPackageArn, modelName: model.modelName, modelVersion: model.modelVersion, artifact: conversion.artifact, approval: 'Approved', metrics: evaluation.metrics };
  const deployment = { action: 'deploy', id: 'run-1', model: registered };
  expect(await rollOut(deployment, context)).toMatchObject({ status: 'TRYING', first: true, previous: null });
  expect(await rollOut(deployment, context)).toMatchObject({ previous: null });
  expect(aws.objects.get('artifact-bucket/deployments/staging.json')).toHaveLength(1);

  // A second run's model beside the one that is served: here the very same one.
  const second = { ...judged, run: { ...run, name: 'second-run' } };
  const championGates = [{ metric: 'auc', comparison: 'notWorseThanChampion', margin: 0 }, { metric: 'auc', comparison: 'betterThanChampion', margin: 0 }, { metric: 'auc', comparison: 'above', threshold: 0.5, inEachSlice: { column: 'station', minimumRows: 30 } }];
  const beside = await validateModel({ ...second, gates: championGates }, context);
  expect(beside.gates.map((gate) => gate.passed)).toEqual([true, false, true]);
  expect(beside.summary).toMatch(/^auc (0\.9\d+) is not better than the champion's \1 \(version 1\): no difference, 95 % interval of the difference \+0 to \+0$/);
  expect(reportOf('champion.json', 'second-run')).toMatchObject({ champion: { state: 'compared', modelVersion: '1', metrics: [{ metric: 'auc', difference: 0 }, {}, {}, {}, {}, {}], data: { sameFile: true, overlap: 'none' } } });
  // A champion whose bytes are not those that were registered says nothing, and only a gate that asks for it minds.
  const stored = aws.json(names.artifacts, 'deployments/staging.json') as { stable: { artifact: object } };
  const put = (stable: object): unknown => aws.put(names.artifacts, 'deployments/staging.json', JSON.stringify({ ...stored, stable }));
  put({ ...stored.stable, artifact: { ...stored.stable.artifact, sha256: 'f'.repeat(64) } });
  const broken = await validateModel({ ...second, gates: championGates.slice(0, 1) }, context);
  expect(broken).toMatchObject({ passed: false, summary: expect.stringMatching(/^auc cannot be compared with the champion, version 1: .* has the SHA-256/) as string });
  expect(await validateModel(second, context)).toMatchObject({ passed: true });
  put({ ...stored.stable, artifact: { ...stored.stable.artifact, key: 'models/another/run/model.tar.gz' } });
  expect(await validateModel({ ...second, gates: championGates.slice(0, 1) }, context)).toMatchObject({ summary: expect.stringMatching(/is not of this pipeline/) as string });
  put(stored.stable);

  const { handler: smokeTest } = await import('../../lambda/smoke-test/handler.ts');
  const smoke = await smokeTest({ model: registered, byVersion: true, sample: prepared.sample }, context);
  expect(await smokeTest({ model: registered }, context)).toMatchObject({ input: { distance: 1, station: null }, modelVersion: '1' });
  expect(smoke).toMatchObject({ url: endpointUrl, modelVersion: '1', prediction: { modelName: 'trips', probabilities: { '1': expect.any(Number) as number } } });

  const { handler: notify } = await import('../../lambda/notify/handler.ts');
  const success = { kind: 'success', run, rows: 3000, trainer: conversion.trainer, metrics: evaluation.metrics, gates: evaluation.gates, ...model, endpointUrl: smoke.url, smokeTest: smoke, evaluation: evaluation.evaluation, report: evaluation.report };
  expect(await notify(success, context)).toEqual({ sent: true });
  expect(await notify(success, context)).toEqual({ sent: false });
  expect(aws.messages).toHaveLength(1);
  expect(aws.messages[0]?.get('Message')).toContain(evaluation.report);

  // A model whose bytes changed is refused, and the one that was served is served still.
  aws.put(names.artifacts, 'models/trips/other/model.tar.gz', 'not what was registered');
  const tampered = { ...registered, modelPackageArn: registered.modelPackageArn.replace(/1$/, '2'), modelVersion: '2', artifact: { ...conversion.artifact, versionId: undefined, key: 'models/trips/other/model.tar.gz' } };
  await expect(rollOut({ action: 'deploy', id: 'run-2', model: tampered }, context)).rejects.toMatchObject({ name: 'ArtifactMismatch' });
  const record = aws.json(names.artifacts, 'deployments/staging.json') as object;
  aws.put(names.artifacts, 'deployments/staging.json', JSON.stringify({ ...record, stable: { ...tampered, artifact: { ...tampered.artifact, sha256: 'f'.repeat(64) } } }));
  const info = await inference(get('/model/info'), context);
  expect(JSON.parse(info.body)).toMatchObject({ modelVersion: '1', sha256: conversion.artifact.sha256, gitCommit: 'abc', approval: { status: 'Approved' }, metrics: evaluation.metrics });
});

test('a run whose name no URI may hold is refused before its data is looked at', async () => {
  const { handler: validate } = await import('../../lambda/validate-data/handler.ts');
  const named = (name: string) => ({ run: { name, executionArn: 'arn' }, dataset: { bucket: names.data, key: 'raw/trips/none.csv' }, schema: dataset, checks: [], maximumBytes: 1e7 });
  for (const name of ['a+b=c', 'größe', 'my run', '..']) {
    await expect(validate(named(name), context)).rejects.toMatchObject({ name: 'InvalidRunName', message: expect.stringMatching(/is named '.*expected letters.*Start a new execution/) as string });
  }
  await expect(validate(named('a+b=c'), context)).rejects.toThrow(/, with '\+', '=', expected/);
  await expect(validate(named('March_2001.v-1'), context)).rejects.toMatchObject({ name: 'DataNotFound' });
});

test('bad data is refused with every reason, after the reports are written', async () => {
  const { handler: validate } = await import('../../lambda/validate-data/handler.ts');
  aws.put(names.data, 'raw/trips/bad.csv', csv(20).replaceAll('north', 'north').replace('distance', 'miles'));
  const run = { name: 'bad-run', executionArn: 'arn:aws:states:us-east-1:000000000000:execution:trips:bad-run', startedAt: '2026-11-20T12:00:00.000Z' };
  const payload = { run, dataset: { bucket: names.data, key: 'raw/trips/bad.csv' }, schema: dataset, checks: resolveChecks([]), maximumBytes: 1e7 };
  await expect(validate(payload, context)).rejects.toMatchObject({ name: 'DataRejected', message: expect.stringMatching(/distance.*20 rows|20 rows.*distance/s) as string });
  expect(aws.json(names.artifacts, 'reports/trips/bad-run/constraint_violations.json')).toHaveProperty('violations');

  await expect(validate({ ...payload, run: { ...run, name: 'large-run' }, maximumBytes: 100 }, context)).rejects.toMatchObject({ name: 'DataTooLarge', message: expect.stringMatching(/expected at most 100/) as string });
  await expect(validate({ ...payload, run: { ...run, name: 'none-run' }, dataset: { bucket: names.data, key: 'raw/trips/none.csv' } }, context)).rejects.toMatchObject({ name: 'DataNotFound' });
  await expect(validate({ ...payload, dataset: { key: 'x' } }, context)).rejects.toMatchObject({ name: 'PayloadInvalid', message: expect.stringMatching(/payload\.dataset\.bucket/) as string });
});

function get(path: string): object {
  return { version: '2.0', rawPath: path, requestContext: { http: { method: 'GET' } } };
}
