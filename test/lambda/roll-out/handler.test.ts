import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../../lambda/shared/digest.ts';
import type { handler as Handler } from '../../../lambda/roll-out/handler.ts';
import type { DeploymentRecord } from '../../../model/serving/record.ts';
import { context, FakeAws } from '../support/fake-aws.ts';
import { names, setEnvironment } from '../support/pipeline.ts';

const aws = new FakeAws();
let handler: typeof Handler;

beforeAll(async () => {
  await aws.start();
  setEnvironment('http://127.0.0.1:1');
  ({ handler } = await import('../../../lambda/roll-out/handler.ts'));
});
afterEach(() => {
  aws.fault = undefined;
  aws.objects.clear();
});
afterAll(() => aws.stop());

const deploy = (model: object, id = 'run-1') => handler({ action: 'deploy', id, model }, context);
/** Deploys all at once, to the end. */
async function deployed(model: object, id: string): Promise<void> {
  const { step } = await deploy(model, id);
  await handler({ action: 'advance', id, step, model }, context);
}

function registered(version: number) {
  const content = `model ${String(version)}`;
  const key = `models/trips/${String(version)}/model.tar.gz`;
  aws.put(names.artifacts, key, content);
  return { modelPackageArn: `arn:aws:sagemaker:us-east-1:000000000000:model-package/trips/${String(version)}`, modelName: 'trips', modelVersion: String(version), artifact: { bucket: names.artifacts, key, sha256: sha256(content) } };
}

const recordOf = () => aws.json(names.artifacts, 'deployments/staging.json') as DeploymentRecord | null;
const served = () => recordOf()?.stable.modelVersion;

test('the first version serves at once; the next one is tried out beside it, and then takes its place; the record keeps what was before', async () => {
  const [first, second] = [registered(1), registered(2)];
  expect(await deploy(first)).toMatchObject({ status: 'TRYING', first: true, previous: null, weight: 1 });
  expect(await handler({ action: 'advance', id: 'run-1', step: 0, model: first }, context)).toMatchObject({ status: 'COMPLETED', servedVersion: '1' });
  expect(await deploy(second, 'run-2')).toMatchObject({ id: 'run-2', status: 'TRYING', first: false, weight: 0, servedVersion: '1' });
  expect(served()).toBe('1');
  expect(await handler({ action: 'advance', id: 'run-2', step: 0, model: second }, context)).toMatchObject({ status: 'COMPLETED', servedVersion: '2', weight: 1, previous: first.modelPackageArn });
  expect(await deploy(first, 'late')).toMatchObject({ status: 'SUPERSEDED', servedVersion: '2' });
  expect(aws.objects.get('artifact-bucket/deployments/staging.json')).toHaveLength(4);
});

test('a deployment that does not say how follows the plan of the target; one that does follows its own', async () => {
  await deploy(registered(1));
  await handler({ action: 'advance', id: 'run-1', step: 0, model: registered(1) }, context);
  await deploy(registered(2), 'run-2');
  expect(recordOf()?.rollout?.plan).toEqual({ kind: 'allAtOnce' });
  await handler({ action: 'rollBack', id: 'back', reason: 'by hand' }, context);
  await handler({ action: 'deploy', id: 'run-3', model: registered(3), plan: { kind: 'canary', percent: 5, intervalSeconds: 60 } }, context);
  expect(recordOf()?.rollout?.plan).toMatchObject({ percent: 5 });
});

test('two deployments at once: one wins, the other says so and names it', async () => {
  await deploy(registered(1));
  await handler({ action: 'advance', id: 'run-1', step: 0, model: registered(1) }, context);
  const results = await Promise.allSettled([deploy(registered(2), 'run-2'), deploy(registered(3), 'run-3')]);
  const [won, lost] = [results.find(({ status }) => status === 'fulfilled'), results.find(({ status }) => status === 'rejected')];
  const winner = (won as PromiseFulfilledResult<{ id: string }>).value.id;
  expect((lost as PromiseRejectedResult).reason).toMatchObject({ name: 'DeploymentInProgress', message: expect.stringContaining(winner) as string });
  expect(recordOf()?.rollout?.id).toBe(winner);
});

test('a writer that is overtaken reads again, and decides anew', async () => {
  const [second, third] = [registered(2), registered(3)];
  await deployed(registered(1), 'run-1');
  let raced = false;
  aws.fault = ({ name }) => {
    if (raced || name !== 's3 PUT /artifact-bucket/deployments/staging.json') return undefined;
    raced = true;
    aws.put(names.artifacts, 'deployments/staging.json', JSON.stringify({ stable: third, updatedAt: 'now', run: 'other' }));
    return undefined;
  };
  expect(await deploy(second, 'run-2')).toMatchObject({ status: 'SUPERSEDED', servedVersion: '3' });
  expect(raced).toBe(true);
  expect(served()).toBe('3');
});

test.each([[409, 'ConditionalRequestConflict'], [412, 'PreconditionFailed']])('a %i is tried again', async (status, code) => {
  let refused = 0;
  aws.fault = ({ name }) => (name.startsWith('s3 PUT') && refused++ === 0 ? { status, body: `<Error><Code>${code}</Code></Error>` } : undefined);
  await deploy(registered(1));
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
  await expect(deploy(model)).rejects.toThrow();
  expect(await deploy(model)).toMatchObject({ id: 'run-1', status: 'TRYING', previous: null });
  expect(aws.objects.get('artifact-bucket/deployments/staging.json')).toHaveLength(1);
});

test('bytes that are not what was registered are not deployed, nor tested', async () => {
  const model = registered(1);
  aws.put(names.artifacts, model.artifact.key, 'something else');
  const mismatch = { name: 'ArtifactMismatch', message: expect.stringContaining(model.artifact.sha256) as string };
  await expect(deploy(model)).rejects.toMatchObject(mismatch);
  await expect(handler({ action: 'traffic', id: 't', shares: [{ model, share: 1 }] }, context)).rejects.toMatchObject(mismatch);
  expect(aws.get(names.artifacts, 'deployments/staging.json')).toBeUndefined();
});

test('a record that is no record is not overwritten', async () => {
  aws.put(names.artifacts, 'deployments/staging.json', '{"stable": 1}');
  await expect(deploy(registered(1))).rejects.toMatchObject({ name: 'PayloadInvalid', message: expect.stringContaining('s3://artifact-bucket/deployments/staging.json.stable') as string });
});

test('what is asked of a target without a record says that nothing was deployed', async () => {
  await expect(handler({ action: 'follow', id: 'x' }, context)).rejects.toMatchObject({ name: 'DataNotFound', message: expect.stringContaining('nothing was deployed to this target yet') as string });
  await expect(handler({ action: 'rollBack', id: 'x', reason: 'r' }, context)).rejects.toMatchObject({ name: 'NotPossible' });
  await expect(handler({ action: 'jump', id: 'x' }, context)).rejects.toMatchObject({ name: 'PayloadInvalid', message: expect.stringContaining('expected {"action": "deploy"') as string });
});
