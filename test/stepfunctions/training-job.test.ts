import { describe, expect, it } from 'vitest';
import { TaskFailure } from '../../local/states/index.ts';
import type { Json } from '../../local/states/index.ts';
import { checkStateMachines } from '../../scripts/synth/state-machines.ts';
import type { AslMachine } from '../../scripts/synth/definitions.ts';
import { checkTaskArguments } from '../../scripts/synth/task-arguments.ts';
import { fails, fakes } from './fakes.ts';
import { definition, definitionProps } from './fixture.ts';
import { fakeRun } from './run.ts';
import type { Called, Fake, FakeRun } from './run.ts';

const begin = 'createTrainingJob.sync';
const inUse = fails('SageMaker.ResourceInUseException', 'a training job with this name already exists');
const noQuota = 'SageMaker.ResourceLimitExceededException';

/** A job as DescribeTrainingJob tells of it to Step Functions. */
const job = (changes: Record<string, Json | undefined>): Json =>
  JSON.parse(JSON.stringify({
    TrainingJobName: 'flights-1234abcd-run-1-0', TrainingJobArn: 'arn:job', TrainingJobStatus: 'Completed', SecondaryStatus: 'Completed', CreationTime: '2026-11-20T10:05:00.000Z',
    TrainingStartTime: '2026-11-20T10:06:00.000Z', AlgorithmSpecification: { TrainingImage: 'image' }, ModelArtifacts: { S3ModelArtifacts: 's3://artifacts/model.tar.gz' }, ...changes,
  })) as Json;

const started = ({ calls }: FakeRun) => calls.filter(({ name }) => name === begin).map(({ args }) => args);
const described = (calls: readonly Called[]) => calls.filter(({ name }) => name === 'describeTrainingJob').map(({ args }) => args['TrainingJobName']);

describe('a call whose first try made the job after all', () => {
  it('adopts the job, waits for its end and goes on with its model', async () => {
    const answers = [job({ TrainingJobStatus: 'InProgress', SecondaryStatus: 'Training', ModelArtifacts: undefined }), job({ TrainingJobStatus: 'InProgress', ModelArtifacts: undefined }), job({})];
    let tries = 0;
    const lost: Fake = () => {
      throw new TaskFailure(tries++ === 0 ? 'SageMaker.SdkClientException' : 'SageMaker.ResourceInUseException', 'the answer was lost');
    };
    const { result, calls, entered } = await fakeRun(definition(), { ...fakes, [begin]: lost, describeTrainingJob: () => answers.shift()! });
    expect(result.status).toBe('SUCCEEDED');
    expect(tries).toBe(2);
    expect(described(calls)).toEqual(Array.from({ length: 3 }, () => 'flights-1234abcd-run-1-0'));
    expect(entered.filter((name) => name === 'WaitForTrainingJob')).toHaveLength(2);
    expect(calls.find(({ name }) => name === 'convert-model')?.args).toMatchObject({
      modelData: 's3://artifacts/model.tar.gz', trainingJob: { name: 'flights-1234abcd-run-1-0', status: 'Completed', secondaryStatus: 'Completed', image: 'image', hyperParameters: {} },
    });
  });

  it.each([
    [{}, 60],
    [{ maxRuntimeSeconds: 5 * 86_400, spot: { maxWaitSeconds: 28 * 86_400 } }, 1212],
  ])('is looked at as often as the history of an execution has room for: %j', (changes, seconds) => {
    const { States } = definition({ training: { ...definitionProps.training, ...changes } });
    expect(States['WaitForTrainingJob']).toMatchObject({ Seconds: seconds });
  });

  it.each([
    ['Failed', { FailureReason: 'AlgorithmError: out of memory' }, /"FailureReason":"AlgorithmError: out of memory"/],
    ['Stopped', { SecondaryStatus: 'MaxRuntimeExceeded' }, /"SecondaryStatus":"MaxRuntimeExceeded".*the job ended as Stopped/],
  ])('fails with the reason of a job that %s', async (TrainingJobStatus, changes, cause) => {
    const { result, calls } = await fakeRun(definition(), { ...fakes, [begin]: inUse, describeTrainingJob: job({ TrainingJobStatus, ModelArtifacts: undefined, ...changes }) });
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', cause: expect.stringMatching(cause) as string });
    expect(calls.at(-1)).toMatchObject({ name: 'notify', args: { failure: { state: 'TrainModel' } } });
  });

  it('leaves the job of an earlier run alone that had the same name', async () => {
    const { result, calls } = await fakeRun(definition(), { ...fakes, [begin]: inUse, describeTrainingJob: job({ CreationTime: '2026-06-01T00:00:00.000Z' }) });
    expect(result).toMatchObject({ status: 'FAILED', error: 'TrainingJobNameTaken', cause: expect.stringContaining('Start the run under another name') as string });
    expect(calls.some(({ name }) => name === 'convert-model')).toBe(false);
  });

  it('says so where the job that it waits for can be described no more', async () => {
    let tries = 0;
    const lost: Fake = () => {
      if (tries++ === 0) return job({ TrainingJobStatus: 'InProgress', ModelArtifacts: undefined });
      throw new TaskFailure('SageMaker.AccessDenied', 'denied');
    };
    const { result } = await fakeRun(definition(), { ...fakes, [begin]: inUse, describeTrainingJob: lost });
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', cause: expect.stringContaining('was still InProgress when it was last described') as string });
  });

  it('tells the first failure where the job cannot be described', async () => {
    const { result } = await fakeRun(definition(), { ...fakes, [begin]: inUse, describeTrainingJob: fails('SageMaker.SageMakerException', 'not found') });
    expect(result).toMatchObject({ status: 'FAILED', error: 'SageMaker.ResourceInUseException' });
  });
});

describe('a job with fallback instances', () => {
  const volumeKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/volume';
  const training = { ...definitionProps.training, volumeKeyArn, keepAliveSeconds: 60, fallbacks: [{ instanceType: 'ml.m5d.xlarge' }, { instanceType: 'ml.m4.xlarge', volumeKeyArn }] };
  const machine = definition({ training });
  const types = (run: FakeRun) => started(run).map(({ ResourceConfig }) => (ResourceConfig as { InstanceType: string }).InstanceType);
  const capacity: Fake = (args) => job({ TrainingJobName: args['TrainingJobName']!, TrainingJobStatus: 'Failed', SecondaryStatus: 'Failed', FailureReason: 'whatever it says', TrainingStartTime: undefined, ModelArtifacts: undefined });

  it('is started on the first ones, with their whole configuration', async () => {
    const run = await fakeRun(machine, fakes);
    expect(run.result.status).toBe('SUCCEEDED');
    expect(started(run)).toMatchObject([
      { TrainingJobName: 'flights-1234abcd-run-1-0-f0', ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30, VolumeKmsKeyId: volumeKeyArn, KeepAlivePeriodInSeconds: 60 } },
    ]);
  });

  it('takes the next ones where the quota has none, under another name, and a key only where they take one', async () => {
    let tries = 0;
    const second: Fake = (args, redrives) => {
      if (tries++ === 0) throw new TaskFailure(noQuota, 'quota');
      return (fakes[begin] as (args: Record<string, Json>, redrives: number) => Json)(args, redrives);
    };
    const run = await fakeRun(machine, { ...fakes, [begin]: second });
    expect(run.result.status).toBe('SUCCEEDED');
    expect(types(run)).toEqual(['ml.m5.xlarge', 'ml.m5d.xlarge']);
    expect(started(run)[1]).toMatchObject({ TrainingJobName: 'flights-1234abcd-run-1-0-f1', ResourceConfig: { KeepAlivePeriodInSeconds: 60 } });
    expect(started(run)[1]!['ResourceConfig']).not.toHaveProperty('VolumeKmsKeyId');
  });

  it('takes the next ones after a job that never began, whatever its reason says', async () => {
    const run = await fakeRun(machine, { ...fakes, [begin]: fails('States.TaskFailed', '{"FailureReason":"..."}'), describeTrainingJob: capacity });
    expect(types(run)).toEqual(['ml.m5.xlarge', 'ml.m5d.xlarge', 'ml.m4.xlarge']);
    expect(run.result).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', cause: expect.stringContaining('whatever it says') as string });
  });

  it('takes the next ones after waiting too long for spare capacity, also where the task lets such a job pass', async () => {
    const waited = job({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxWaitTimeExceeded', ModelArtifacts: undefined });
    const passed = await fakeRun(machine, { ...fakes, [begin]: waited });
    expect(types(passed)).toHaveLength(3);
    expect(passed.result).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('MaxWaitTimeExceeded') as string });
    expect(types(await fakeRun(machine, { ...fakes, [begin]: fails('States.TaskFailed', '{}'), describeTrainingJob: waited }))).toHaveLength(3);
  });

  it('does not start a job again that failed while it ran', async () => {
    const failed = job({ TrainingJobStatus: 'Failed', FailureReason: 'AlgorithmError', ModelArtifacts: undefined });
    const run = await fakeRun(machine, { ...fakes, [begin]: fails('States.TaskFailed', '{}'), describeTrainingJob: failed });
    expect(types(run)).toEqual(['ml.m5.xlarge']);
    expect(run.result).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('AlgorithmError') as string });
  });

  it('begins with the first ones again when the run is redriven', async () => {
    const first = await fakeRun(machine, { ...fakes, [begin]: fails(noQuota, 'quota') });
    expect(types(first)).toHaveLength(3);
    if (first.result.status === 'SUCCEEDED') throw new Error('expected a failure');
    expect(first.result).toMatchObject({ error: noQuota });
    const second = await fakeRun(machine, fakes, { resumeFrom: first.result.resume, redriveCount: 1 });
    expect(second.result.status).toBe('SUCCEEDED');
    expect(started(second)).toMatchObject([{ TrainingJobName: 'flights-1234abcd-run-1-1-f0', ResourceConfig: { InstanceType: 'ml.m5.xlarge' } }]);
  });

  it('passes the checks of synth', async () => {
    const definitions = [{ where: 'pipeline', machine: machine as unknown as AslMachine }];
    expect(checkStateMachines(definitions).findings).toEqual([]);
    expect((await checkTaskArguments(definitions)).findings).toEqual([]);
  });
});

describe('a job of several instances and channels', () => {
  it('gives each instance its part of the training data, and all of them the rest', async () => {
    const training = { ...definitionProps.training, sharded: true, instanceCount: 3, channels: { code: 's3://assets/code.gz' } };
    const run = await fakeRun(definition({ training }), fakes);
    expect(started(run)[0]!['InputDataConfig']).toMatchObject([
      { ChannelName: 'train', DataSource: { S3DataSource: { S3DataDistributionType: 'ShardedByS3Key' } } },
      { ChannelName: 'validation', DataSource: { S3DataSource: { S3DataDistributionType: 'FullyReplicated' } } },
      { ChannelName: 'code', DataSource: { S3DataSource: { S3Uri: 's3://assets/code.gz', S3DataDistributionType: 'FullyReplicated' } } },
    ]);
    expect(run.calls.find(({ name }) => name === 'prepare-data')?.args).toMatchObject({ training: { contentType: 'application/x-parquet', parts: 3 } });
  });
});
