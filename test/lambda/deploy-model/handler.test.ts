import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../../lambda/shared/digest.ts';
import type { handler as Handler } from '../../../lambda/deploy-model/handler.ts';
import { context, FakeAws } from '../support/fake-aws.ts';
import { names, setEnvironment } from '../support/pipeline.ts';

const aws = new FakeAws();
let handler: typeof Handler;

beforeAll(async () => {
  await aws.start();
  setEnvironment('http://127.0.0.1:1');
  ({ handler } = await import('../../../lambda/deploy-model/handler.ts'));
});
afterEach(() => {
  aws.fault = undefined;
  aws.objects.clear();
});
afterAll(() => aws.stop());

const run = { name: 'run-1', executionArn: 'arn:aws:states:us-east-1:000000000000:execution:trips:run-1' };

function registered(version: number) {
  const content = `model ${String(version)}`;
  const key = `models/trips/${String(version)}/model.tar.gz`;
  aws.put(names.artifacts, key, content);
  return { modelPackageArn: `arn:aws:sagemaker:us-east-1:000000000000:model-package/trips/${String(version)}`, modelName: 'trips', modelVersion: String(version), artifact: { bucket: names.artifacts, key, sha256: sha256(content) } };
}

const served = () => (aws.json(names.artifacts, 'deployments/staging.json') as { stable: { modelVersion: string } }).stable.modelVersion;

test('versions follow each other, and the record keeps its history', async () => {
  const first = registered(1);
  expect(await handler({ run, model: first }, context)).toMatchObject({ previous: null });
  expect(await handler({ run, model: registered(2) }, context)).toMatchObject({ previous: first.modelPackageArn, recordVersionId: expect.any(String) as string });
  expect(await handler({ run, model: first }, context)).toMatchObject({ previous: expect.stringMatching(/\/2$/) as string });
  expect(served()).toBe('2');
  expect(aws.objects.get('artifact-bucket/deployments/staging.json')).toHaveLength(2);
});

test('a writer that is overtaken reads again, and decides anew', async () => {
  const second = registered(2);
  await handler({ run, model: registered(1) }, context);
  let raced = false;
  aws.fault = ({ name }) => {
    if (raced || name !== 's3 PUT /artifact-bucket/deployments/staging.json') return undefined;
    raced = true;
    const record = aws.json(names.artifacts, 'deployments/staging.json') as object;
    aws.put(names.artifacts, 'deployments/staging.json', JSON.stringify({ ...record, stable: registered(3) }));
    return undefined;
  };
  await handler({ run, model: second }, context);
  expect(raced).toBe(true);
  expect(served()).toBe('3');
});

test.each([[409, 'ConditionalRequestConflict'], [412, 'PreconditionFailed']])('a %i is tried again', async (status, code) => {
  let refused = 0;
  aws.fault = ({ name }) => (name.startsWith('s3 PUT') && refused++ === 0 ? { status, body: `<Error><Code>${code}</Code></Error>` } : undefined);
  await handler({ run, model: registered(1) }, context);
  expect(refused).toBe(2);
  expect(served()).toBe('1');
});

test('after a crash behind the write, the rerun finds its own record', async () => {
  const model = registered(1);
  let crashed = false;
  aws.fault = ({ name, body }) => {
    if (crashed || !name.startsWith('s3 PUT')) return undefined;
    crashed = true;
    aws.put(names.artifacts, 'deployments/staging.json', body);
    return { status: 500, body: '<Error><Code>InternalError</Code></Error>' };
  };
  await expect(handler({ run, model }, context)).rejects.toThrow();
  expect(await handler({ run, model }, context)).toMatchObject({ previous: null });
  expect(aws.objects.get('artifact-bucket/deployments/staging.json')).toHaveLength(1);
});

test('bytes that are not what was registered are not deployed', async () => {
  const model = registered(1);
  aws.put(names.artifacts, model.artifact.key, 'something else');
  await expect(handler({ run, model }, context)).rejects.toMatchObject({ name: 'ArtifactMismatch', message: expect.stringContaining(model.artifact.sha256) as string });
  expect(aws.get(names.artifacts, 'deployments/staging.json')).toBeUndefined();
});

test('a record that is no record is not overwritten', async () => {
  aws.put(names.artifacts, 'deployments/staging.json', '{"stable": 1}');
  await expect(handler({ run, model: registered(1) }, context)).rejects.toMatchObject({ name: 'PayloadInvalid', message: expect.stringContaining('s3://artifact-bucket/deployments/staging.json.stable') as string });
});
