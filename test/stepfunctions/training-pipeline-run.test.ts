import { describe, expect, it } from 'vitest';
import { TaskFailure } from '../../local/states/index.ts';
import type { Json } from '../../local/states/index.ts';
import { artifact, fails, fakes, folder, sha256 } from './fakes.ts';
import { definition, definitionProps } from './fixture.ts';
import { fakeRun } from './run.ts';
import type { Called, Fake } from './run.ts';

const names = (calls: readonly Called[]) => calls.map(({ name }) => name);

describe('a run', () => {
  it('that goes well deploys the model, and says so', async () => {
    const { result, calls, entered } = await fakeRun(definition(), fakes);
    expect(result).toEqual({
      status: 'SUCCEEDED',
      output: {
        status: 'DEPLOYED', rows: 100, split: { kind: 'group', column: 'origin', unplacedRows: 1, groups: { train: 8, validation: 1, test: 1 } }, trainer: 'slipway 0.1.0', task: 'binary', metrics: { auc: 0.74 },
        gates: [{ metric: 'auc', comparison: 'above', threshold: 0.72, value: 0.74, passed: true }],
        modelPackageArn: 'arn:aws:sagemaker:us-east-1:123456789012:model-package/flights/1', modelName: 'flights', modelVersion: '1', sha256,
        endpointUrl: 'https://api.example', smokeTest: { url: 'https://api.example/predict', input: {}, prediction: 0.2, modelVersion: '1', latencyMs: 5 },
        evaluation: 's3://artifacts/evaluation.json', report: 's3://artifacts/report.html',
      },
    });
    expect(entered.filter((name) => !['DeployToStaging', 'UpdateBaseline'].includes(name))).toEqual([
      'ValidateData', 'PrepareData', 'TrainModel', 'ConvertModel', 'ValidateModel', 'CheckPerformance', 'RegisterModel', 'DeployModel', 'CheckStaging', 'NotifySuccess',
    ]);
    const argsOf = (name: string) => calls.find((call) => call.name === name)?.args;
    expect(argsOf('createTrainingJob.sync')).toMatchObject({
      TrainingJobName: 'flights-1234abcd-run-1-0',
      OutputDataConfig: { S3OutputPath: 's3://artifacts/intermediates/flights/run-1/training' },
      InputDataConfig: [
        { ChannelName: 'train', DataSource: { S3DataSource: { S3Uri: `${folder}/train/` } } },
        { ChannelName: 'validation', DataSource: { S3DataSource: { S3Uri: `${folder}/validation/` } } },
      ],
    });
    expect(argsOf('validate-data')).toMatchObject({ run: { name: 'run-1', startedAt: '2026-11-20T10:00:00.000Z' }, dataset: { key: 'raw/flights/a.parquet' } });
    expect(argsOf('validate-model')).toMatchObject({ warnings: [], fileRows: 100, rows: { test: 10 }, statistics: 's3://artifacts/s.json' });
    expect(argsOf('convert-model')).toMatchObject({ features: `${folder}/features.json`, label: `${folder}/label.json` });
    expect(argsOf('register-model')).toMatchObject({ task: 'binary', classes: 0 });
    expect(argsOf('putObject')).toMatchObject({ Key: 'baselines/flights/baseline.json', Body: { run: 'run-1', statistics: 's3://artifacts/s.json' } });
    expect(argsOf('staging-rollout')).toMatchObject({ action: 'deploy', model: { modelVersion: '1', artifact }, sample: `${folder}/sample.json`, again: false, quiet: true, patient: true, by: 'run-1' });
  });

  it('tells the evaluation, the registry and its reader by what the rows were split', async () => {
    const { calls } = await fakeRun(definition(), fakes);
    const split = { kind: 'group', column: 'origin', unplacedRows: 1, groups: { train: 8, validation: 1, test: 1 } };
    for (const task of ['validate-model', 'register-model']) expect(calls.find(({ name }) => name === task)?.args, task).toMatchObject({ split });
  });

  it('hands the number of classes to the training, as a text', async () => {
    const training = { ...definitionProps.training, classesHyperParameter: 'num_class' };
    const { calls } = await fakeRun(definition({ training }), { ...fakes, 'prepare-data': { ...(fakes['prepare-data'] as object), classes: 3 } });
    expect(calls.find(({ name }) => name === 'createTrainingJob.sync')?.args).toMatchObject({ HyperParameters: { num_round: '10', num_class: '3' } });
    expect(calls.find(({ name }) => name === 'register-model')?.args).toMatchObject({ classes: 3 });
  });

  it('whose model misses its gate registers nothing, and fails with the gate', async () => {
    const evaluation = { ...(fakes['validate-model'] as object), passed: false, summary: 'auc 0.70 is not above 0.72' };
    const { result, calls } = await fakeRun(definition(), { ...fakes, 'validate-model': evaluation });
    expect(result).toMatchObject({ status: 'FAILED', error: 'GateNotMet', cause: 'auc 0.70 is not above 0.72' });
    expect(names(calls)).not.toContain('register-model');
    expect(calls.at(-1)).toMatchObject({ name: 'notify', args: { kind: 'failure', failure: { state: 'CheckPerformance' } } });
  });

  it('on bad data trains nothing, and fails with the reason', async () => {
    const { result, calls } = await fakeRun(definition(), { ...fakes, 'validate-data': fails('DataRejected', '3 rows, expected 10') });
    expect(result).toMatchObject({ status: 'FAILED', error: 'DataRejected', cause: '3 rows, expected 10' });
    expect(names(calls)).toEqual(['validate-data', 'notify']);
  });

  it('gives up on throttling with the cause, for a job of the same name each time: the call may have made it', async () => {
    const { result, calls } = await fakeRun(definition(), { ...fakes, 'createTrainingJob.sync': fails('ThrottlingException', 'slow down') });
    expect(result).toMatchObject({ status: 'FAILED', error: 'ThrottlingException' });
    const jobs = calls.filter(({ name }) => name === 'createTrainingJob.sync').map(({ args }) => args['TrainingJobName']);
    expect(jobs).toEqual(Array.from({ length: 7 }, () => 'flights-1234abcd-run-1-0'));
    expect(calls.filter(({ name }) => name === 'notify')).toHaveLength(1);
  });

  it('tries a function again that was throttled or died, and goes on', async () => {
    for (const error of ['ThrottlingException', 'Runtime.ExitError', 'Lambda.TooManyRequestsException']) {
      let left = 2;
      const shaky: Fake = () => {
        if (left-- > 0) throw new TaskFailure(error, 'once more');
        return fakes['prepare-data'] as Json;
      };
      expect((await fakeRun(definition(), { ...fakes, 'prepare-data': shaky })).result.status).toBe('SUCCEEDED');
    }
  });

  it('gives up soon on an error that SageMaker has no name for: it may be a refusal for good', async () => {
    const { calls } = await fakeRun(definition(), { ...fakes, 'createTrainingJob.sync': fails('SageMaker.AmazonSageMakerException', 'Could not assume role') });
    expect(calls.filter(({ name }) => name === 'createTrainingJob.sync')).toHaveLength(3);
  });

  it('does not repeat a job that failed or that no quota allows', async () => {
    for (const error of ['States.TaskFailed', 'SageMaker.ResourceLimitExceededException']) {
      const { calls } = await fakeRun(definition(), { ...fakes, 'createTrainingJob.sync': fails(error, 'no') });
      expect(calls.filter(({ name }) => name === 'createTrainingJob.sync')).toHaveLength(1);
    }
  });

  it.each([
    ['validate-data', 'ValidateData'], ['prepare-data', 'PrepareData'], ['createTrainingJob.sync', 'TrainModel'], ['convert-model', 'ConvertModel'],
    ['validate-model', 'ValidateModel'], ['register-model', 'RegisterModel'], ['staging-rollout', 'DeployModel'],
  ])('goes on where it failed when it is redriven: %s', async (task, state) => {
    const first = await fakeRun(definition(), { ...fakes, [task]: fails('Broken', 'by hand') });
    expect(first.result).toMatchObject({ status: 'FAILED', error: 'Broken', cause: 'by hand' });
    if (first.result.status === 'SUCCEEDED') throw new Error('expected a failure');
    const second = await fakeRun(definition(), fakes, { resumeFrom: first.result.resume, redriveCount: 1 });
    expect(second.result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'DEPLOYED' } });
    expect(second.entered.slice(0, 2)).toEqual(['ResumeAfterRedrive', state]);
  });

  it('whose version another deployment has overtaken on staging ends well, and tells of it', async () => {
    const { result, calls } = await fakeRun(definition(), { ...fakes, 'staging-rollout': { status: 'SUPERSEDED', servedVersion: '2' }, notify: { sent: true } });
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'SUPERSEDED', modelVersion: '1', servedVersion: '2' } });
    expect(calls.at(-1)).toMatchObject({ name: 'notify', args: { kind: 'superseded', servedVersion: '2' } });
  });

  it('starts its rollout under a name of its own for each try, however long its own is', async () => {
    const started: string[] = [];
    const machine = definition();
    for (const [runName, redriveCount] of [['run-1', 0], ['run-1', 1], ['r'.repeat(80), 0]] as const) {
      const { result } = await fakeRun(machine, { ...fakes, 'staging-rollout': (_, __, name) => { started.push(name); return fakes['staging-rollout'] as Json; } }, { runName, redriveCount });
      expect(result.status).toBe('SUCCEEDED');
    }
    expect(new Set(started).size).toBe(3);
    for (const name of started) expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
  });

  it('hands on how the job ended, also where it was stopped and left no model', async () => {
    const { calls } = await fakeRun(definition(), fakes);
    expect(calls.find(({ name }) => name === 'convert-model')?.args).toMatchObject({ trainingJob: { status: 'Completed', secondaryStatus: 'Completed', maxRuntimeSeconds: 3600 } });
    const stopped: Fake = (args) => ({
      TrainingJobName: args['TrainingJobName']!, TrainingJobArn: 'arn:job', TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded', HyperParameters: args['HyperParameters']!,
      AlgorithmSpecification: args['AlgorithmSpecification']!,
    });
    const { calls: after } = await fakeRun(definition(), { ...fakes, 'createTrainingJob.sync': stopped, 'convert-model': fails('TrainingStopped', 'too slow') });
    expect(after.find(({ name }) => name === 'convert-model')?.args).toMatchObject({ modelData: '', trainingJob: { status: 'Stopped', secondaryStatus: 'MaxRuntimeExceeded' } });
  });

  it('fails again with the new reason when the redriven state fails', async () => {
    const broken = { ...fakes, 'convert-model': fails('Broken', 'first') };
    const first = await fakeRun(definition(), broken);
    if (first.result.status === 'SUCCEEDED') throw new Error('expected a failure');
    const second = await fakeRun(definition(), { ...fakes, 'convert-model': fails('Other', 'second') }, { resumeFrom: first.result.resume, redriveCount: 1 });
    expect(second.result).toMatchObject({ status: 'FAILED', error: 'Other', cause: 'second' });
    expect(second.calls.at(-1)).toMatchObject({ name: 'notify', args: { failure: { redriveCount: 1 } } });
  });
});
