import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../lambda/shared/digest.ts';
import { context, FakeAws } from './support/fake-aws.ts';
import { names, setEnvironment } from './support/pipeline.ts';

type Handler = (event: unknown, context: object) => Promise<unknown>;

const aws = new FakeAws();

beforeAll(async () => {
  await aws.start();
  setEnvironment('http://127.0.0.1:1');
});
afterEach(() => {
  aws.diesAfter = undefined;
  aws.calls.length = 0;
  aws.objects.clear();
  aws.executions.clear();
  aws.packages.length = 0;
  aws.messages.length = 0;
  aws.records.clear();
});
afterAll(() => aws.stop());

const run = { name: 'run-1', executionArn: 'arn:aws:states:us-east-1:000000000000:execution:trips:run-1', startedAt: '2026-11-20T12:00:00.000Z' };
const artifact = { bucket: names.artifacts, key: 'models/trips/run-1/model.tar.gz', sha256: sha256('model') };
const model = { modelPackageArn: 'arn:aws:sagemaker:us-east-1:000000000000:model-package/trips/1', modelName: 'trips', modelVersion: '1', artifact };
const reports = 's3://artifact-bucket/reports/trips/run-1';
const registration = {
  run, artifact, trainer: 't', task: 'binary', classes: 0, dataset: { bucket: names.data, key: 'raw/trips/a.csv' }, split: { kind: 'rowHash', unplacedRows: 0 }, statistics: `${reports}/statistics.json`, constraints: `${reports}/constraints.json`,
  evaluation: { metrics: { auc: 0.8 }, gates: [], passed: true, summary: 'auc 0.8 is above 0.7', evaluation: `${reports}/evaluation.json`, report: `${reports}/report.html` },
  fileRows: 30, rows: { train: 24, validation: 3, test: 3 }, features: [{ name: 'distance', column: 'distance', transform: 'numeric' }],
  trainingJob: { name: 'j', arn: 'arn', image: 'i', hyperParameters: {} },
  declared: { card: {}, revision: 'abc' },
};

const columns = [{ name: 'station', type: 'string' }, { name: 'at', type: 'timestamp' }, { name: 'late', type: 'integer' }].map((column) => ({ ...column, nullable: true }));
const featureUpdate = {
  run, dataset: { bucket: names.data, key: 'raw/trips/features.csv' }, schema: { columns, label: { column: 'late', kind: 'binary', name: 'late' } },
  group: { recordIdentifier: 'station', eventTime: 'at', features: [{ column: 'station', name: 'station', type: 'String' }, { column: 'at', name: 'at', type: 'String' }] },
  online: true, maximumRecords: 100, writesPerSecond: 1000,
};
const evidence = { summary: 's', metrics: {}, gates: [], evaluation: `${reports}/evaluation.json`, report: `${reports}/report.html` };
const question = { taskToken: 'token', enteredAt: '2026-11-20T12:00:00.000Z', timeoutSeconds: 60, run, model, evidence };
const approved = { ModelApprovalStatus: 'Approved', LastModifiedTime: 1, LastModifiedBy: { IamIdentity: { Arn: 'alice' } } };
/** The model was asked about, and its run waits. */
function askedAbout(): void {
  for (const name of ['evaluation.json', 'report.html']) aws.put(names.artifacts, `reports/trips/run-1/${name}`, '{}');
  aws.tokens.add('token');
}
function keepQuestion(): void {
  const digests = { evaluationSha256: 'e', reportSha256: 'r' };
  aws.put(names.artifacts, 'approvals/trips/trips/1/request.json', JSON.stringify({ approval: 'manual', run, model, evidence: { ...evidence, ...digests }, requestedAt: 'then', expiresAt: 'later' }));
  aws.put(names.artifacts, 'approvals/trips/trips/1/token.json', JSON.stringify({ taskToken: 'token', enteredAt: 'then', attempt: 0 }));
}
const decidedEvent = { source: 'aws.sagemaker', detail: { ModelPackageArn: model.modelPackageArn } };

/** The event on a decision; then the run, which has its answer, releases. */
async function decideThenRelease(): Promise<{ handler: Handler }> {
  const { handler: decide } = (await import('../../lambda/decide-approval/handler.ts')) as { handler: Handler };
  const { handler: release } = (await import('../../lambda/release-model/handler.ts')) as { handler: Handler };
  return {
    handler: async (event, given) => {
      await decide(event, given);
      if (aws.answers.length > 0) await release({ approval: 'manual', run, model, evidence }, given);
    },
  };
}

/** What a rollout machine asks of the record, one after the other, where nothing fails; a second version follows the first. */
async function rollOutToTheEnd(): Promise<{ handler: Handler }> {
  return rollingOut((id, asked) => [{ action: 'deploy', id, model: asked }, { action: 'advance', id, step: 0, model: asked }]);
}

/** The same, with each version that was deployed taken back. */
async function rollOutAndBack(): Promise<{ handler: Handler }> {
  return rollingOut((id, asked) => [{ action: 'deploy', id, model: asked }, ...(id === 'run-1' ? [{ action: 'advance', id, step: 0, model: asked }] : [{ action: 'withdraw', id, error: 'E', cause: 'c', model: asked }])]);
}

async function rollingOut(stepsOf: (id: string, asked: typeof model) => object[]): Promise<{ handler: Handler }> {
  const { handler } = (await import('../../lambda/roll-out/handler.ts')) as { handler: Handler };
  const second = { ...model, modelPackageArn: model.modelPackageArn.replace(/1$/, '2'), modelVersion: '2' };
  // A machine's state is retried by itself: what came before it has happened.
  const done = new Set<string>();
  return {
    handler: async (_event, given) => {
      if (aws.objects.get('artifact-bucket/deployments/staging.json') === undefined) done.clear();
      for (const [id, asked] of [['run-1', model], ['run-2', second]] as const) {
        for (const [index, step] of stepsOf(id, asked).entries()) {
          if (done.has(`${id}-${String(index)}`)) continue;
          await handler(step, given);
          done.add(`${id}-${String(index)}`);
        }
      }
    },
  };
}

/** A rotation of an API key, from its first step to its last. */
async function rotateThroughAllSteps(): Promise<{ handler: Handler }> {
  const { handler: rotate } = (await import('../../lambda/rotate-api-key/handler.ts')) as { handler: Handler };
  return {
    handler: async (_event, given) => {
      for (const Step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) await rotate({ SecretId: 'key-secret', ClientRequestToken: 'next', Step }, given);
    },
  };
}

/** How the keys of a client stand: how many, how many of them without an end, and whether the client's own is one of these. */
function keysAfterRotation(): unknown {
  if (!aws.secrets.secrets.has('key-secret')) return undefined;
  const { keys } = JSON.parse(aws.secrets.current('digest-secret')) as { keys: { sha256: string; notAfter?: string }[] };
  const lasting = keys.filter(({ notAfter }) => notAfter === undefined).map((key) => key.sha256);
  return [keys.length, lasting.length, lasting.includes(sha256(aws.secrets.current('key-secret')))];
}

/** What a handler has done to the world. */
const effects = () => ({
  keys: keysAfterRotation(),
  executions: [...aws.executions.keys()],
  packages: aws.packages.length,
  records: aws.objects.get('artifact-bucket/deployments/staging.json')?.length ?? 0,
  answers: aws.answers.map(({ name }) => name),
  decisions: (aws.json(names.artifacts, 'approvals/trips/trips/1/audit.json') as { decisions: unknown[] } | null)?.decisions.length ?? 0,
  requests: aws.objects.get('artifact-bucket/approvals/trips/trips/1/request.json')?.length ?? 0,
  lineages: aws.objects.get('artifact-bucket/reports/trips/run-1/lineage.json')?.length ?? 0,
  features: [...aws.records].map(([id, { puts }]) => [id, puts]).sort(),
  claims: aws.objects.has('artifact-bucket/reports/trips/run-1/notified-0.json'),
});

// The process dies after any call of its own; it is run again from the start, and what it did stands there once.
describe.each<[string, () => Promise<{ handler: Handler }>, () => unknown]>([
  ['start-pipeline', () => import('../../lambda/start-pipeline/handler.ts') as Promise<{ handler: Handler }>, () => {
    aws.put(names.data, 'raw/trips/a.csv', 'x');
    return { trigger: 'schedule' };
  }],
  ['register-model', () => import('../../lambda/register-model/handler.ts') as Promise<{ handler: Handler }>, () => registration],
  ['update-feature-store', () => import('../../lambda/update-feature-store/handler.ts') as Promise<{ handler: Handler }>, () => {
    aws.put(names.data, 'raw/trips/features.csv', 'station,at,late\nnorth,2026-01-01T00:00:00,1\nsouth,2026-01-02T00:00:00,0\nnorth,2026-01-03T00:00:00,0\neast,2026-01-02T00:00:00,1\n');
    return featureUpdate;
  }],
  ['request-approval', () => import('../../lambda/request-approval/handler.ts') as Promise<{ handler: Handler }>, () => {
    askedAbout();
    return question;
  }],
  ['decide-approval', decideThenRelease, () => {
    askedAbout();
    keepQuestion();
    aws.approvals.set(1, approved);
    return decidedEvent;
  }],
  ['release-model', () => import('../../lambda/release-model/handler.ts') as Promise<{ handler: Handler }>, () => {
    askedAbout();
    aws.approvals.set(1, approved);
    return { approval: 'automatic', run, model, evidence };
  }],
  ['roll-out', rollOutToTheEnd, () => ({ action: 'deploy', id: 'run-1', model })],
  ['roll-out, and back', rollOutAndBack, () => ({ action: 'deploy', id: 'run-1', model })],
  ['rotate-api-key', rotateThroughAllSteps, () => {
    aws.secrets.put('key-secret', 'mobile.old');
    aws.secrets.put('digest-secret', JSON.stringify({ keys: [{ sha256: sha256('mobile.old') }] }));
    aws.secrets.announce('key-secret', 'next');
    return {};
  }],
])('%s', (_name, load, payloadOf) => {
  test('leaves its effects once, whichever call it died after', async () => {
    const { handler } = await load();
    const world = async (crashAfter: number | undefined) => {
      aws.objects.clear();
      aws.executions.clear();
      aws.packages.length = 0;
      aws.records.clear();
      aws.approvals.clear();
      aws.tokens.clear();
      aws.answers.length = 0;
      aws.secrets.secrets.clear();
      aws.calls.length = 0;
      aws.put(names.artifacts, artifact.key, 'model');
      for (const report of ['evaluation', 'statistics', 'constraints']) aws.put(names.artifacts, `reports/trips/run-1/${report}.json`, '{}');
      const payload = payloadOf();
      aws.diesAfter = crashAfter;
      if (crashAfter !== undefined) await expect(handler(payload, context)).rejects.toThrow();
      aws.diesAfter = undefined;
      await handler(payload, context);
      return { ...effects(), executions: aws.executions.size };
    };
    const undisturbed = await world(undefined);
    const calls = aws.calls.length;
    for (let call = 1; call <= calls; call += 1) expect([call, await world(call)]).toEqual([call, undisturbed]);
  });
});

test('a failure is never left untold; it is told twice only where the process died between the message and its mark', async () => {
  const { handler } = await import('../../lambda/notify/handler.ts');
  const payload = { kind: 'failure', run, failure: { state: 'TrainModel', error: 'Broken', cause: 'because', redriveCount: 0 } };
  await expect(handler(payload, context)).rejects.toMatchObject({ name: 'Broken' });
  const order = aws.calls.map(({ name }) => name.split('/').at(-1));
  expect(order).toEqual(['DescribeExecution', 'notified-0.json', 'failure.json', 'Publish', 'notified-0.json']);
  for (let call = 1; call <= order.length; call += 1) {
    aws.objects.clear();
    aws.messages.length = 0;
    aws.calls.length = 0;
    aws.diesAfter = call;
    await expect(handler(payload, context)).rejects.toThrow();
    aws.diesAfter = undefined;
    await expect(handler(payload, context)).rejects.toMatchObject({ name: 'Broken' });
    expect([order[call - 1], aws.messages.length]).toEqual([order[call - 1], order[call - 1] === 'Publish' ? 2 : 1]);
  }
});
